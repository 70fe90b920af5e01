// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityStorage
import ComityWire
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

extension FederationRelationship {
    init(_ row: SPIREDatabase.Relationship) throws {
        let profile: Profile
        switch row.bundleEndpointProfile {
        case "https_web": profile = .httpsWeb
        case "https_spiffe": profile = .httpsSPIFFE(endpointID: try SPIFFEID(row.endpointSPIFFEID))
        default:
            throw RegistryError(
                .invalidArgument,
                "bundle endpoint profile \"\(row.bundleEndpointProfile)\" is not known; https_web and https_spiffe are")
        }
        self.init(
            trustDomain: try TrustDomain(nameOrID: row.trustDomain), bundleEndpointURL: row.bundleEndpointURL,
            profile: profile)
    }
}

extension Set<Selector> {
    fileprivate init(_ rows: [SPIREDatabase.Selector]) throws(RegistryError) {
        self.init()
        for row in rows { insert(try Selector(type: row.type, value: row.value)) }
    }
}

extension Entry {
    init(_ row: SPIREDatabase.Entry) throws {
        let attributes = try Spire_Api_Types_Entry.AdditionalAttributes(serializedBytes: row.additionalAttributes)
        guard attributes.unknownFields.data.isEmpty else {
            throw RegistryError(.invalidArgument, "its additional attributes are not known to this version")
        }
        self.init(
            id: row.id, spiffeID: try SPIFFEID(row.spiffeID), parentID: try SPIFFEID(row.parentID),
            selectors: try Set(row.selectors))
        x509SVIDTTL = row.x509SVIDTTL
        jwtSVIDTTL = row.jwtSVIDTTL
        federatesWith = Set(try row.federatesWith.map { try TrustDomain(nameOrID: $0) })
        isAdmin = row.isAdmin
        isDownstream = row.isDownstream
        expiresAt = Date(unixSeconds: row.expiry)
        dnsNames = row.dnsNames
        revisionNumber = row.revisionNumber
        storesSVID = row.storesSVID
        hint = row.hint
        createdAt = row.createdAt ?? createdAt
        disablesX509SVIDPrefetch = attributes.disableX509SvidPrefetch
        includesJTIInJWTSVID = attributes.jwtSvidIncludeJti
    }
}

extension AttestedNode {
    init(_ row: SPIREDatabase.Node) throws {
        guard let expiresAt = row.expiresAt else {
            throw RegistryError(.invalidArgument, "the end of its SVID cannot be read")
        }
        self.init(
            id: try SPIFFEID(row.spiffeID), attestationType: row.attestationType, serialNumber: row.serialNumber,
            expiresAt: expiresAt, selectors: try Set(row.selectors), canReattest: row.canReattest)
        if !row.newSerialNumber.isEmpty {
            newSerialNumber = row.newSerialNumber
            newExpiresAt = row.newExpiresAt
        }
        agentVersion = row.agentVersion
    }
}
