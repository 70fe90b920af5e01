// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE

extension JSONValue {
    private static let maximumMessageSize = 256 << 10

    /// Reads a message of the other half of a method.
    ///
    /// - Parameter failure: What the error's message begins with.
    init(message: [UInt8], _ failure: String) throws(AttestationError) {
        do throws(SPIFFEError) {
            try self.init(parsing: message, maximumBytes: Self.maximumMessageSize)
        } catch {
            throw AttestationError(.invalidArgument, "\(failure): \(error.message)")
        }
    }

    /// Bytes as Go writes them.
    static func bytes(_ bytes: [UInt8]) -> JSONValue { .string(Base64.standard.encode(bytes)) }

    /// The bytes under a name; nil when they are missing or not base64.
    func bytes(_ name: String) -> [UInt8]? {
        self[name]?.string.flatMap { Base64.standard.decode($0) }
    }
}
