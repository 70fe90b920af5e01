// SPDX-License-Identifier: Apache-2.0

package import X509

/// A serial number of 128 bits, never zero (RFC 5280 §4.1.2.2).
package struct CertificateSerial: Hashable, Sendable {
    private let value: UInt128

    package init?(_ value: UInt128) {
        guard value != 0 else { return nil }
        self.value = value
    }

    package static func random() -> CertificateSerial {
        CertificateSerial(nonZero: UInt128.random(in: 1...UInt128.max))
    }

    private init(nonZero value: UInt128) {
        self.value = value
    }

    /// The spelling used in logs, node records and subjects.
    package var decimal: String { String(value) }

    /// Big-endian, without leading zero bytes.
    package var bytes: [UInt8] {
        let bytes = withUnsafeBytes(of: value.bigEndian) { Array($0) }
        return Array(bytes.drop { $0 == 0 })
    }

    package var serialNumber: Certificate.SerialNumber {
        Certificate.SerialNumber(bytes: bytes)
    }
}
