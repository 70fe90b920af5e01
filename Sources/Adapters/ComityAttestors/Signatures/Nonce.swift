// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Crypto

/// Random bytes by which either side makes sure that a signature is a new one.
struct Nonce: Hashable, Sendable {
    private static let length = 32

    let bytes: [UInt8]

    init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<Self.length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// `nil` when the length is another one.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// What both together ask to sign.
    static func digest(challenge: Nonce, response: Nonce) -> SHA256Digest {
        SHA256.hash(data: challenge.bytes + response.bytes)
    }
}
