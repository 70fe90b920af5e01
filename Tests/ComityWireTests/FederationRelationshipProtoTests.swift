// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityWire
import SPIFFE
import ServerAPIProtos
import Testing

@Suite struct FederationRelationshipProtoTests {
    private let trustDomain: TrustDomain

    init() throws {
        trustDomain = try TrustDomain("other.test")
    }

    private func relationship(_ profile: FederationRelationship.Profile) -> FederationRelationship {
        FederationRelationship(trustDomain: trustDomain, bundleEndpointURL: "https://other.test/x", profile: profile)
    }

    @Test func comesBackAsItWas() throws {
        let endpointID = try SPIFFEID("spiffe://third.test/endpoint")
        let bundle = BundleRecord(try .fixture(of: trustDomain))
        for relationship in [relationship(.httpsWeb), relationship(.httpsSPIFFE(endpointID: endpointID))] {
            let proto = try Spire_Api_Types_FederationRelationship(relationship, bundle: bundle)
            #expect(try FederationRelationship(proto) == relationship)
            #expect(try BundleRecord.sent(with: proto) == bundle)
        }
    }

    @Test func sendsWhatTheMaskNames() throws {
        let relationship = relationship(.httpsWeb)
        let bundle = BundleRecord(try .fixture(of: trustDomain))
        var mask = Spire_Api_Types_FederationRelationshipMask()
        var expected = Spire_Api_Types_FederationRelationship()
        expected.trustDomain = "other.test"
        #expect(
            try Spire_Api_Types_FederationRelationship(relationship, bundle: bundle, fields: Set(mask)) == expected)
        mask.bundleEndpointProfile = true
        expected.httpsWeb = .init()
        #expect(
            try Spire_Api_Types_FederationRelationship(relationship, bundle: bundle, fields: Set(mask)) == expected)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Spire_Api_Types_FederationRelationship) -> Void

        init(
            _ message: String, _ change: @escaping @Sendable (inout Spire_Api_Types_FederationRelationship) -> Void
        ) {
            testDescription = message
            self.change = change
        }
    }

    static let faults = [
        Fault("failed to parse trust domain: trust domain is missing") { $0.trustDomain = "" },
        Fault("unsupported bundle endpoint profile type: <nil>") { $0.bundleEndpointProfile = nil },
        Fault("failed to parse endpoint SPIFFE ID: scheme is missing or invalid") {
            $0.httpsSpiffe.endpointSpiffeID = ""
        },
    ]

    @Test(arguments: faults)
    func refuses(_ fault: Fault) throws {
        var proto = try Spire_Api_Types_FederationRelationship(relationship(.httpsWeb), bundle: nil)
        fault.change(&proto)
        #expect {
            try FederationRelationship(proto)
        } throws: { error in
            (error as? RegistryError)?.message == fault.testDescription
        }
    }

    @Test func saysThatTheBundleIsWrong() throws {
        var proto = try Spire_Api_Types_FederationRelationship(relationship(.httpsWeb), bundle: nil)
        #expect(try BundleRecord.sent(with: proto) == nil)
        proto.trustDomainBundle.trustDomain = "B"
        #expect {
            try BundleRecord.sent(with: proto)
        } throws: { error in
            (error as? RegistryError)?.message.hasPrefix("failed to parse bundle: ") == true
        }
    }
}
