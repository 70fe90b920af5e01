// SPDX-License-Identifier: Apache-2.0

/// The public half of RSA alone: a number raised to the public exponent.
///
/// The cryptographic library offers none without padding, and checks PSS for one length of salt only, while Go signs with
/// the longest. Everything here is public, so that time may depend on it.
struct RSAPublicOperation {
    private static let maximumBits = 8192

    /// Least significant limb first.
    private let modulus: [UInt32]
    private let exponent: UInt64
    /// `-modulus⁻¹` modulo 2³².
    private let inverse: UInt32
    let byteCount: Int
    let bitCount: Int

    /// `nil` for what is no RSA key of a size that is verified anywhere.
    ///
    /// - Parameters: Both numbers most significant byte first.
    init?(modulus: some Collection<UInt8>, exponent: some Collection<UInt8>) {
        let bytes = Array(modulus.drop { $0 == 0 })
        guard let first = bytes.first, let last = bytes.last, last & 1 == 1 else { return nil }
        bitCount = bytes.count * 8 - first.leadingZeroBitCount
        guard bitCount <= Self.maximumBits else { return nil }
        let digits = exponent.drop { $0 == 0 }
        // As in BoringSSL: no sound key has a larger one, and it bounds the work.
        guard digits.count <= 5 else { return nil }
        let value = digits.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value > 1, value >> 33 == 0 else { return nil }
        self.exponent = value
        byteCount = bytes.count
        self.modulus = Self.limbs(bytes)
        // Newton's iteration doubles the number of right bits each time.
        var inverse: UInt32 = 1
        for _ in 0..<5 { inverse = inverse &* (2 &- self.modulus[0] &* inverse) }
        self.inverse = 0 &- inverse
    }

    /// The message that a signature stands for, as many bytes as the modulus has; `nil` when the signature is no number
    /// below the modulus.
    func message(of signature: [UInt8]) -> [UInt8]? {
        guard signature.count == byteCount else { return nil }
        let base = Self.limbs(signature) + Array(repeating: 0, count: modulus.count - Self.limbs(signature).count)
        guard Self.isLess(base, modulus) else { return nil }
        let start = scaled(base)
        var result = start
        for bit in stride(from: 62 - exponent.leadingZeroBitCount, through: 0, by: -1) {
            result = product(result, result)
            if exponent >> UInt64(bit) & 1 == 1 { result = product(result, start) }
        }
        var one = [UInt32](repeating: 0, count: modulus.count)
        one[0] = 1
        return bytes(product(result, one))
    }

    /// `left · right · R⁻¹` modulo the modulus (Montgomery), where R is 2³² to the number of limbs.
    private func product(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        let count = modulus.count
        var sum = [UInt32](repeating: 0, count: count + 2)
        for index in 0..<count {
            var carry: UInt64 = 0
            for position in 0..<count {
                let value = UInt64(left[position]) * UInt64(right[index]) + UInt64(sum[position]) + carry
                sum[position] = UInt32(truncatingIfNeeded: value)
                carry = value >> 32
            }
            var top = UInt64(sum[count]) + carry
            sum[count] = UInt32(truncatingIfNeeded: top)
            sum[count + 1] = UInt32(truncatingIfNeeded: top >> 32)
            let factor = UInt64(sum[0] &* inverse)
            carry = (factor * UInt64(modulus[0]) + UInt64(sum[0])) >> 32
            for position in 1..<count {
                let value = factor * UInt64(modulus[position]) + UInt64(sum[position]) + carry
                sum[position - 1] = UInt32(truncatingIfNeeded: value)
                carry = value >> 32
            }
            top = UInt64(sum[count]) + carry
            sum[count - 1] = UInt32(truncatingIfNeeded: top)
            sum[count] = sum[count + 1] &+ UInt32(truncatingIfNeeded: top >> 32)
        }
        let low = Array(sum[..<count])
        return sum[count] == 0 && Self.isLess(low, modulus) ? low : Self.difference(low, modulus)
    }

    /// `value · R` modulo the modulus, by doubling.
    private func scaled(_ value: [UInt32]) -> [UInt32] {
        var value = value
        for _ in 0..<modulus.count * 32 {
            let overflow = value[value.count - 1] >> 31
            var carry: UInt32 = 0
            for index in value.indices {
                let next = value[index] >> 31
                value[index] = value[index] << 1 | carry
                carry = next
            }
            if overflow == 1 || !Self.isLess(value, modulus) { value = Self.difference(value, modulus) }
        }
        return value
    }

    private static func isLess(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        for index in left.indices.reversed() where left[index] != right[index] { return left[index] < right[index] }
        return false
    }

    private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var borrow: UInt32 = 0
        return zip(left, right).map { left, right in
            let (first, isFirstOver) = left.subtractingReportingOverflow(right)
            let (second, isSecondOver) = first.subtractingReportingOverflow(borrow)
            borrow = isFirstOver || isSecondOver ? 1 : 0
            return second
        }
    }

    private static func limbs(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: bytes.count, to: 0, by: -4).map { end in
            bytes[max(0, end - 4)..<end].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    private func bytes(_ limbs: [UInt32]) -> [UInt8] {
        let all = limbs.reversed().flatMap { limb in
            stride(from: 24, through: 0, by: -8).map { UInt8(limb >> $0 & 0xFF) }
        }
        return Array(all.suffix(byteCount))
    }
}
