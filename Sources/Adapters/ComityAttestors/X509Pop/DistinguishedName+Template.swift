// SPDX-License-Identifier: Apache-2.0

import ComityTemplates
import SwiftASN1
import X509

extension DistinguishedName {
    /// The attributes of one type, in order.
    func values(of type: ASN1ObjectIdentifier) -> [String] {
        flatMap { $0 }.filter { $0.type == type }.compactMap { String($0.value) }
    }

    /// The fields of Go's `pkix.Name`.
    var templateValue: TemplateValue {
        typealias Attribute = ASN1ObjectIdentifier.RDNAttributeType
        func text(_ type: ASN1ObjectIdentifier) -> TemplateValue { .string(values(of: type).last ?? "") }
        func list(_ type: ASN1ObjectIdentifier) -> TemplateValue { .strings(values(of: type)) }
        return .record(
            TemplateRecord(
                named: "pkix.Name",
                [
                    "CommonName": text(Attribute.commonName), "SerialNumber": text([2, 5, 4, 5]),
                    "Country": list(Attribute.countryName), "Organization": list(Attribute.organizationName),
                    "OrganizationalUnit": list(Attribute.organizationalUnitName),
                    "Locality": list(Attribute.localityName),
                    "Province": list(Attribute.stateOrProvinceName), "StreetAddress": list(Attribute.streetAddress),
                    "PostalCode": list([2, 5, 4, 17]),
                ]))
    }
}
