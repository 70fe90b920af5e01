// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import FoundationEssentials

/// `{"keys": {"<id>": "<base64 PKCS#8>"}}`, indented by tabs as SPIRE does.
package struct KeyFile: Sendable {
    /// The largest file that is read, in bytes: room for some hundred RSA keys.
    static let maximumSize = 1 << 20

    private let path: String

    package init(path: String) {
        self.path = path
    }

    private struct Document: Decodable {
        var keys: [String: Data]
    }

    /// `nil` when there is no file.
    package func content() throws(AuthorityError) -> [UInt8]? {
        try PrivateFile(path: path).read(atMost: Self.maximumSize)
    }

    func read() throws(AuthorityError) -> [String: SigningKey] {
        guard let content = try content() else { return [:] }
        return try keys(in: content)
    }

    /// The keys in what such a file holds.
    package func keys(in content: [UInt8]) throws(AuthorityError) -> [String: SigningKey] {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(content)) else {
            throw damaged("it is not JSON of the form {\"keys\": {\"<id>\": \"<base64 PKCS#8>\"}}")
        }
        var keys: [String: SigningKey] = [:]
        for (id, der) in document.keys {
            do throws(AuthorityError) {
                keys[id] = try SigningKey(pkcs8DER: Array(der), id: id)
            } catch {
                throw damaged(error.message)
            }
        }
        return keys
    }

    func write(_ keys: [String: SigningKey]) throws(AuthorityError) {
        let lines = keys.values.sorted { $0.id < $1.id }.map { key in
            "\t\t\(quote(key.id)): \"\(Data(key.pkcs8DER).base64EncodedString())\""
        }
        let text = "{\n\t\"keys\": {\n" + lines.joined(separator: ",\n") + "\n\t}\n}\n"
        try PrivateFile(path: path).write(Array(text.utf8))
    }

    private func quote(_ id: String) -> String {
        // Encoding a string cannot fail; the fallback keeps the compiler content without a trap.
        (try? JSONEncoder().encode(id)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    private func damaged(_ why: String) -> AuthorityError {
        AuthorityError(
            .keyStorage,
            """
            key file "\(path)" is damaged: \(why); put it back from a backup (of a server: "comity server \
            restore"), or move it away to start with new keys
            """)
    }
}
