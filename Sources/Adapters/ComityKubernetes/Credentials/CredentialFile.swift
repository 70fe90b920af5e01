// SPDX-License-Identifier: Apache-2.0

/// A file with a bearer token.
enum CredentialFile {
    private static let maximumBytes = 64 << 10

    static func token(at path: String) throws(KubernetesError) -> String {
        let token = trimmed(try BoundedFile.read(path, atMost: maximumBytes, name: "the token"))
        guard isToken(token) else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.credential,
                "the file \(path) holds no token: it is empty or has characters that a header cannot carry")
        }
        return token
    }

    /// Whether a text can stand in a header.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    static func trimmed(_ bytes: [UInt8]) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end].drop(while: isSpace), as: UTF8.self)
    }
}
