// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

/// A signature with the name of its algorithm.
struct SSHSignature: Equatable {
    var format: String
    var blob: [UInt8]

    init(format: String, blob: [UInt8]) {
        self.format = format
        self.blob = blob
    }

    /// Reads the binary form.
    init(_ bytes: [UInt8]) throws(AttestationError) {
        var reader = SSHReader(bytes)
        format = try reader.text()
        blob = try reader.bytes()
        guard reader.isAtEnd else { throw AttestationError(.invalidArgument, "ssh: something follows the signature") }
    }
}
