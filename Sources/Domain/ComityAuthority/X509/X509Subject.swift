// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

/// Makes the subjects that certificates get, spelled as Go spells them: PrintableString where it suffices.
enum X509Subject {
    private typealias Attribute = RelativeDistinguishedName.Attribute
    private typealias AttributeType = ASN1ObjectIdentifier.NameAttributes

    private static let serialNumber: ASN1ObjectIdentifier = [2, 5, 4, 5]

    /// The subject of a leaf: `C=US, O=SPIRE` or the one given, with the common name set.
    static func name(_ base: DistinguishedName?, commonName: String?) throws(AuthorityError) -> DistinguishedName {
        do {
            let base =
                try base
                ?? DistinguishedName([
                    attribute(AttributeType.countryName, "US"), attribute(AttributeType.organizationName, "SPIRE"),
                ])
            guard let commonName else { return base }
            let others = base.filter { !$0.contains { $0.type == AttributeType.commonName } }
            let name = try RelativeDistinguishedName(attribute(AttributeType.commonName, commonName))
            return DistinguishedName(others + [name])
        } catch {
            throw AuthorityError(.invalidTemplate, "subject cannot be encoded", cause: error)
        }
    }

    /// The subject of a self-signed CA, made unlike any other by the serial.
    static func authority(serial: CertificateSerial) throws(AuthorityError) -> DistinguishedName {
        do {
            return try DistinguishedName([
                attribute(AttributeType.countryName, "US"), attribute(AttributeType.organizationName, "SPIFFE"),
                attribute(serialNumber, serial.decimal),
            ])
        } catch {
            throw AuthorityError(.invalidTemplate, "subject cannot be encoded", cause: error)
        }
    }

    private static func attribute(_ type: ASN1ObjectIdentifier, _ text: String) throws -> Attribute {
        guard text.utf8.allSatisfy(isPrintable) else { return Attribute(type: type, utf8String: text) }
        return try Attribute(type: type, printableString: text)
    }

    /// X.680 §41.4.
    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: " '()+,-./:=?".utf8.contains(byte)
        }
    }
}
