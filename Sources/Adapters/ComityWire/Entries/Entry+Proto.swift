// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
package import SPIFFE
package import ServerAPIProtos

extension Spire_Api_Types_Entry {
    /// - Parameter fields: what is sent besides the ID.
    package init(_ entry: Entry, fields: Set<EntryField> = .all) {
        self.init()
        id = entry.id
        for field in fields {
            put(field, of: entry)
        }
    }

    private mutating func put(_ field: EntryField, of entry: Entry) {
        switch field {
        case .spiffeID: spiffeID = Spire_Api_Types_SPIFFEID(entry.spiffeID)
        case .parentID: parentID = Spire_Api_Types_SPIFFEID(entry.parentID)
        case .selectors: selectors = entry.selectors.protos
        case .x509SVIDTTL: x509SvidTtl = entry.x509SVIDTTL
        case .jwtSVIDTTL: jwtSvidTtl = entry.jwtSVIDTTL
        case .federatesWith: federatesWith = entry.federatesWith.sorted().map(\.name)
        case .admin: admin = entry.isAdmin
        case .downstream: downstream = entry.isDownstream
        case .expiresAt: expiresAt = entry.expiresAt.unixSeconds
        case .dnsNames: dnsNames = entry.dnsNames
        case .revisionNumber: revisionNumber = entry.revisionNumber
        case .storeSVID: storeSvid = entry.storesSVID
        case .hint: hint = entry.hint
        case .createdAt: createdAt = Optional(entry.createdAt).unixSeconds
        case .additionalAttributes: putAdditionalAttributes(of: entry)
        }
    }

    private mutating func putAdditionalAttributes(of entry: Entry) {
        guard entry.disablesX509SVIDPrefetch || entry.includesJTIInJWTSVID else { return }
        additionalAttributes.disableX509SvidPrefetch = entry.disablesX509SVIDPrefetch
        additionalAttributes.jwtSvidIncludeJti = entry.includesJTIInJWTSVID
    }
}

extension Entry {
    /// Reads the named fields. The others are not looked at, and hold values that nobody may use.
    ///
    /// - Parameter trustDomain: the server's own.
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(
        _ proto: Spire_Api_Types_Entry, fields: Set<EntryField> = .all, trustDomain: TrustDomain
    ) throws(RegistryError) {
        self.init(id: proto.id, spiffeID: trustDomain.id, parentID: trustDomain.id, selectors: [])
        // In SPIRE's order, so that of several faults the same one is told.
        let order: [EntryField] = [.parentID, .spiffeID, .dnsNames, .federatesWith, .selectors]
        for field in order + EntryField.allCases where fields.contains(field) {
            try take(field, from: proto)
        }
    }

    private mutating func take(_ field: EntryField, from proto: Spire_Api_Types_Entry) throws(RegistryError) {
        switch field {
        case .spiffeID: spiffeID = try Self.id(proto.hasSpiffeID ? proto.spiffeID : nil, "invalid spiffe ID")
        case .parentID: parentID = try Self.id(proto.hasParentID ? proto.parentID : nil, "invalid parent ID")
        case .selectors: selectors = try Set(proto.selectors)
        case .x509SVIDTTL: x509SVIDTTL = proto.x509SvidTtl
        case .jwtSVIDTTL: jwtSVIDTTL = proto.jwtSvidTtl
        case .federatesWith: federatesWith = try Self.trustDomains(proto.federatesWith)
        case .admin: isAdmin = proto.admin
        case .downstream: isDownstream = proto.downstream
        case .expiresAt: expiresAt = Date(unixSeconds: proto.expiresAt)
        case .dnsNames: dnsNames = proto.dnsNames
        case .storeSVID: storesSVID = proto.storeSvid
        case .hint: hint = proto.hint
        case .additionalAttributes:
            disablesX509SVIDPrefetch = proto.additionalAttributes.disableX509SvidPrefetch
            includesJTIInJWTSVID = proto.additionalAttributes.jwtSvidIncludeJti
        case .revisionNumber: revisionNumber = proto.revisionNumber
        case .createdAt: createdAt = Date(timeIntervalSince1970: Double(proto.createdAt))
        }
    }

    private static func id(_ proto: Spire_Api_Types_SPIFFEID?, _ prefix: String) throws(RegistryError) -> SPIFFEID {
        do {
            return try SPIFFEID(proto)
        } catch {
            throw RegistryError(.invalidArgument, "\(prefix): \(error.message)")
        }
    }

    private static func trustDomains(_ names: [String]) throws(RegistryError) -> Set<TrustDomain> {
        var trustDomains: Set<TrustDomain> = []
        for name in names {
            do {
                trustDomains.insert(try TrustDomain(wire: name))
            } catch {
                throw RegistryError(.invalidArgument, "invalid federated trust domain: \(error.message)")
            }
        }
        return trustDomains
    }
}
