// SPDX-License-Identifier: Apache-2.0

import Crypto
import _CryptoExtras

/// RSASSA-PSS with SHA-256 (RFC 8017 §8.1.2), whatever length of salt the signer chose.
enum RSAPSS {
    private static let hashLength = 32
    private static let trailer: UInt8 = 0xBC

    static func isValidSignature(_ signature: [UInt8], for digest: SHA256Digest, by key: _RSA.Signing.PublicKey) -> Bool
    {
        guard let numbers = try? key.getKeyPrimitives(),
            let operation = RSAPublicOperation(modulus: numbers.modulus, exponent: numbers.publicExponent),
            let message = operation.message(of: signature)
        else { return false }
        let bits = operation.bitCount - 1
        // A modulus of 8n + 1 bits leaves a first byte that must be zero.
        let encoded = message.suffix((bits + 7) / 8)
        guard message.dropLast(encoded.count).allSatisfy({ $0 == 0 }) else { return false }
        return isConsistent(Array(encoded), unusedBits: 8 * encoded.count - bits, digest)
    }

    /// EMSA-PSS-VERIFY (RFC 8017 §9.1.2); the salt is what follows the first one bit.
    private static func isConsistent(_ encoded: [UInt8], unusedBits: Int, _ digest: SHA256Digest) -> Bool {
        guard encoded.count >= hashLength + 2, encoded.last == trailer else { return false }
        let mask = 0xFF as UInt8 >> UInt8(unusedBits)
        let hash = encoded.dropLast().suffix(hashLength)
        let masked = encoded.dropLast(hashLength + 1)
        guard masked[0] & ~mask == 0 else { return false }
        var block = zip(masked, mask1(hash, count: masked.count)).map { $0 ^ $1 }
        block[0] &= mask
        guard let separator = block.firstIndex(where: { $0 != 0 }), block[separator] == 1 else { return false }
        var check = SHA256()
        check.update(data: [UInt8](repeating: 0, count: 8))
        check.update(data: Array(digest))
        check.update(data: block[(separator + 1)...])
        return check.finalize().elementsEqual(hash)
    }

    /// MGF1 with SHA-256 (RFC 8017 §B.2.1).
    private static func mask1(_ seed: ArraySlice<UInt8>, count: Int) -> [UInt8] {
        var mask: [UInt8] = []
        var counter: UInt32 = 0
        while mask.count < count {
            var hash = SHA256()
            hash.update(data: seed)
            hash.update(data: stride(from: 24, through: 0, by: -8).map { UInt8(counter >> $0 & 0xFF) })
            mask += Array(hash.finalize())
            counter += 1
        }
        return Array(mask.prefix(count))
    }
}
