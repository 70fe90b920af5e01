// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

/// Makes the subjects that certificates get, spelled as Go spells them: PrintableString where it suffices.
enum X509Subject {
    private typealias Attribute = RelativeDistinguishedName.Attribute
    private typealias AttributeType = ASN1ObjectIdentifier.NameAttributes

    private static let serialNumber: ASN1ObjectIdentifier = [2, 5, 4, 5]
    private static let uniqueIdentifier: ASN1ObjectIdentifier = [2, 5, 4, 45]

    /// The subject of a leaf: `C=US, O=SPIRE` or the one given, with the common name and a unique identifier set.
    static func name(
        _ base: DistinguishedName?, commonName: String?, uniqueID: String? = nil
    ) throws(AuthorityError) -> DistinguishedName {
        do {
            let base =
                try base
                ?? DistinguishedName([
                    attribute(AttributeType.countryName, "US"), attribute(AttributeType.organizationName, "SPIRE"),
                ])
            var names = Array(base)
            if let commonName {
                names.removeAll { $0.contains { $0.type == AttributeType.commonName } }
                names.append(try RelativeDistinguishedName(attribute(AttributeType.commonName, commonName)))
            }
            if let uniqueID {
                names.append(try RelativeDistinguishedName(attribute(uniqueIdentifier, uniqueID)))
            }
            return DistinguishedName(names)
        } catch {
            throw AuthorityError(.invalidTemplate, "subject cannot be encoded", cause: error)
        }
    }

    /// The subject of a CA, made unlike any other by the serial. Values of one kind stand in one set, as Go has it.
    static func authority(
        _ subject: CASubject, serial: CertificateSerial
    ) throws(AuthorityError) -> DistinguishedName {
        let kinds = [
            (AttributeType.countryName, subject.countries), (AttributeType.organizationName, subject.organizations),
            (AttributeType.commonName, [subject.commonName].compactMap(\.self)), (serialNumber, [serial.decimal]),
        ]
        do {
            return DistinguishedName(
                try kinds.filter { !$0.1.isEmpty }.map { type, values in
                    RelativeDistinguishedName(try values.map { try attribute(type, $0) })
                })
        } catch {
            throw AuthorityError(.invalidTemplate, "subject cannot be encoded", cause: error)
        }
    }

    /// The subject of a CA that a server signs for one below it: its own, with the level as organizational unit.
    static func downstream(_ issuer: DistinguishedName, level: Int) throws(AuthorityError) -> DistinguishedName {
        do {
            var names = issuer.filter { !$0.contains { $0.type == AttributeType.organizationalUnitName } }
            let unit = RelativeDistinguishedName(
                try attribute(AttributeType.organizationalUnitName, "DOWNSTREAM-\(level)"))
            let place = names.lastIndex { name in
                name.contains { [AttributeType.countryName, AttributeType.organizationName].contains($0.type) }
            }
            names.insert(unit, at: place.map { $0 + 1 } ?? 0)
            return DistinguishedName(names)
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
