// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

/// Whether a directory name lies below another one (RFC 5280 §7.1).
///
/// Values are compared as texts, whatever string type holds them, without regard to ASCII case and repeated spaces; else
/// an excluded name could be spelled around.
enum DirectoryNameConstraint {
    private struct Attribute: Hashable {
        var type: ASN1ObjectIdentifier
        var value: String
    }

    static func matches(
        _ name: DistinguishedName, _ constraint: DistinguishedName
    ) throws(NameConstraint.Unusable) -> Bool {
        guard name.count >= constraint.count else { return false }
        for (part, wanted) in zip(name, constraint) where try attributes(part) != attributes(wanted) {
            return false
        }
        return true
    }

    private static func attributes(
        _ name: RelativeDistinguishedName
    ) throws(NameConstraint.Unusable) -> Set<Attribute> {
        var attributes: Set<Attribute> = []
        for attribute in name {
            guard let text = String(attribute.value) else {
                throw NameConstraint.Unusable(reason: "directory name holds a value that is not a known kind of text")
            }
            attributes.insert(Attribute(type: attribute.type, value: folded(text)))
        }
        return attributes
    }

    private static func folded(_ text: String) -> String {
        text.lowercased().split(separator: " ").joined(separator: " ")
    }
}
