// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import Foundation
import GRPCCore
import SPIFFE
import SwiftProtobuf
import Testing
import WorkloadAPIProtos

/// The service is the standard's, no less and no more (Workload API §1, §2).
@Suite(.timeLimit(.minutes(1))) struct PublishedInterfaceTests {
    /// Each field as "number name type", as the standard publishes them.
    private static let messages: [String: [String]] = [
        "X509SVIDRequest": [],
        "X509SVIDResponse": [
            "1 svids X509SVID*", "2 crl bytes*", "3 federated_bundles X509SVIDResponse.FederatedBundlesEntry*",
        ],
        "X509SVIDResponse.FederatedBundlesEntry": ["1 key string", "2 value bytes"],
        "X509SVID": [
            "1 spiffe_id string", "2 x509_svid bytes", "3 x509_svid_key bytes", "4 bundle bytes", "5 hint string",
        ],
        "X509BundlesRequest": [],
        "X509BundlesResponse": ["1 crl bytes*", "2 bundles X509BundlesResponse.BundlesEntry*"],
        "X509BundlesResponse.BundlesEntry": ["1 key string", "2 value bytes"],
        "JWTSVIDRequest": ["1 audience string*", "2 spiffe_id string"],
        "JWTSVIDResponse": ["1 svids JWTSVID*"],
        "JWTSVID": ["1 spiffe_id string", "2 svid string", "3 hint string"],
        "JWTBundlesRequest": [],
        "JWTBundlesResponse": ["1 bundles JWTBundlesResponse.BundlesEntry*"],
        "JWTBundlesResponse.BundlesEntry": ["1 key string", "2 value bytes"],
        "ValidateJWTSVIDRequest": ["1 audience string", "2 svid string"],
        "ValidateJWTSVIDResponse": ["1 spiffe_id string", "2 claims google.protobuf.Struct"],
        "WITSVIDRequest": ["1 spiffe_id string"],
        "WITSVIDResponse": ["1 svids WITSVID*"],
        "WITSVID": ["1 spiffe_id string", "2 wit_svid string", "3 wit_svid_key string", "4 hint string"],
        "WITBundlesRequest": [],
        "WITBundlesResponse": ["1 bundles WITBundlesResponse.BundlesEntry*"],
        "WITBundlesResponse.BundlesEntry": ["1 key string", "2 value string"],
    ]

    @Test("WAPI-04: the messages have exactly the standard's fields")
    func hasStandardMessages() throws {
        let files = try Google_Protobuf_FileDescriptorSet(serializedBytes: WorkloadAPIFileDescriptors.serialized).file
        let file = try #require(files.first { $0.name == "spiffe/workload.proto" })
        #expect(file.package.isEmpty)
        var messages: [String: [String]] = [:]
        for message in file.messageType {
            messages[message.name] = message.field.map(Self.text)
            for nested in message.nestedType {
                messages["\(message.name).\(nested.name)"] = nested.field.map(Self.text)
            }
        }
        #expect(messages == Self.messages)
        #expect(file.enumType.isEmpty)
    }

    @Test("WAPI-04: unknown fields of a request are passed over")
    func ignoresUnknownFields() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"))
            // Field 100, a string, beside the audience.
            let bytes: [UInt8] = [0x0a, 0x01, 0x61, 0xa2, 0x06, 0x03, 0x6e, 0x65, 0x77]
            let request = try Workload_JWTSVIDRequest(serializedBytes: bytes)
            #expect(!request.unknownFields.data.isEmpty)

            let answer = try await fixture.api.fetchJWTSVID(request, metadata: WorkloadAPIFixture.header)

            #expect(answer.svids.count == 1)
        }
    }

    @Test("WAPI-01: all five methods of the X.509 and JWT profiles answer")
    func answersBothProfiles() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"))
            for method in [WorkloadEndpointTests.Method.fetchX509SVID, .fetchX509Bundles, .fetchJWTBundles] {
                try await method.call(fixture.api, WorkloadAPIFixture.header)
            }
            let fetched = try await fixture.api.fetchJWTSVID(
                .with { $0.audience = ["a"] }, metadata: WorkloadAPIFixture.header)
            let validated = try await fixture.api.validateJWTSVID(
                .with {
                    $0.audience = "a"
                    $0.svid = fetched.svids[0].svid
                }, metadata: WorkloadAPIFixture.header)
            #expect(validated.spiffeID == "spiffe://alpha.test/a")
        }
    }

    private static func text(of field: Google_Protobuf_FieldDescriptorProto) -> String {
        let type =
            switch field.type {
            case .string: "string"
            case .bytes: "bytes"
            default: String(field.typeName.dropFirst())
            }
        return "\(field.number) \(field.name) \(type)\(field.label == .repeated ? "*" : "")"
    }
}
