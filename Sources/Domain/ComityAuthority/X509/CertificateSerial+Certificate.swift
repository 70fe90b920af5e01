// SPDX-License-Identifier: Apache-2.0

package import X509

extension CertificateSerial {
    /// `nil` for zero and for serials longer than ours can be.
    package init?(_ serial: Certificate.SerialNumber) {
        let bytes = serial.bytes.drop { $0 == 0 }
        guard bytes.count <= 16 else { return nil }
        self.init(bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
    }
}
