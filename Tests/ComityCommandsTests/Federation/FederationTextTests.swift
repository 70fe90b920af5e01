// SPDX-License-Identifier: Apache-2.0

import ServerAPIProtos
import SwiftProtobuf
import Testing

@testable import ComityCommands

@Suite struct FederationTextTests {
    private static let now: Int64 = 1_767_225_600
    private static let relationship = Spire_Api_Types_FederationRelationship.with {
        $0.trustDomain = "beta.test"
        $0.bundleEndpointURL = "https://beta.test:8443"
        $0.httpsSpiffe.endpointSpiffeID = "spiffe://beta.test/spire/server"
    }
    private static let status = Comity_Federation_V1_RelationshipStatus.with {
        $0.trustDomain = "beta.test"
        $0.lastSuccessAt = now - 75
        $0.lastAttemptAt = now - 5
        $0.nextAttemptAt = now + 5
        $0.lastErrorClass = .httpStatus
        $0.lastError = "unexpected status 500"
        $0.consecutiveFailures = 2
        $0.sequenceNumber = 7
        $0.earliestAuthorityExpiresAt = now + 90_000
    }

    @Test("S58: the list counts relationships, then SPIRE's fields, then the status")
    func listHasStatusAfterTheFields() {
        let statuses = FederationStatuses([Self.status], now: Self.now)
        #expect(
            FederationList.text([Self.relationship], statuses) == """
                Found 1 federation relationship

                Trust domain              : beta.test
                Bundle endpoint URL       : https://beta.test:8443
                Bundle endpoint profile   : https_spiffe
                Endpoint SPIFFE ID        : spiffe://beta.test/spire/server
                Configured by             : command
                Last refresh              : 2025-12-31T23:58:45Z (1m15s ago)
                Last attempt              : 2025-12-31T23:59:55Z (5s ago)
                Last error                : HTTP status: unexpected status 500 (2 failures in a row)
                Next attempt              : 2026-01-01T00:00:05Z (in 5s)
                Sequence number           : 7
                First authority ends      : 2026-01-02T01:00:00Z (in 1d1h)

                """)
    }

    @Test func aServerThatDoesNotTellIsUnknown() {
        let text = FederationList.text([Self.relationship], FederationStatuses(nil, now: Self.now))
        #expect(text.hasSuffix("Refresh status            : unknown (this server does not tell)\n"))
    }

    @Test func relationshipsOfTheConfigurationFileFollow() {
        var configured = Self.status
        configured.isStatic = true
        configured.bundleEndpointURL = "https://beta.test:8443"
        configured.bundleEndpointProfile = "https_web"
        let text = FederationList.text([], FederationStatuses([configured], now: Self.now))
        #expect(
            text.hasPrefix(
                """
                Found 0 federation relationships

                The configuration file has 1 federation relationship

                Trust domain              : beta.test
                Bundle endpoint URL       : https://beta.test:8443
                Bundle endpoint profile   : https_web
                Configured by             : configuration file

                """))
    }

    @Test func aRelationshipOfTheFileIsShownInSPIREsForm() {
        var configured = Self.status
        configured.isStatic = true
        configured.bundleEndpointURL = "https://beta.test:8443"
        configured.bundleEndpointProfile = "https_spiffe"
        configured.endpointSpiffeID = "spiffe://beta.test/spire/server"
        let statuses = FederationStatuses([configured, Self.status], now: Self.now)
        #expect(statuses.configuredRelationship(with: "beta.test") == Self.relationship)
        #expect(statuses.configuredRelationship(with: "gamma.test") == nil)
        let dynamic = FederationStatuses([Self.status], now: Self.now)
        #expect(dynamic.configuredRelationship(with: "beta.test") == nil)
    }

    @Test func whatHappensThisVerySecondIsNow() {
        var status = Self.status
        status.lastAttemptAt = Self.now
        let text = FederationText.statusLines(status, now: Self.now)
        #expect(text.contains("Last attempt              : 2026-01-01T00:00:00Z (now)\n"))
    }

    @Test func outcomesTellWhatSucceededBeforeWhatFailed() {
        let outcomes = FederationOutcomes(
            verb: "update",
            outcomes: [
                .init(status: .with { $0.message = "OK" }, relationship: Self.relationship),
                .init(
                    status: .with { ($0.code, $0.message) = (13, "no \"way\"") },
                    relationship: .with {
                        $0.trustDomain = "gamma.test"
                        $0.bundleEndpointURL = "https://gamma.test"
                        $0.httpsWeb = Spire_Api_Types_HTTPSWebProfile()
                    }),
            ])
        #expect(
            outcomes.succeeded == """

                Trust domain              : beta.test
                Bundle endpoint URL       : https://beta.test:8443
                Bundle endpoint profile   : https_spiffe
                Endpoint SPIFFE ID        : spiffe://beta.test/spire/server

                """)
        #expect(
            outcomes.failed == """
                Failed to update the following federation relationship (code: Internal, msg: "no \\"way\\""):
                Trust domain              : gamma.test
                Bundle endpoint URL       : https://gamma.test
                Bundle endpoint profile   : https_web

                """)
        #expect(
            AnswerJSON.line([outcomes.json]) == """
                {"results":[{"federation_relationship":{"bundle_endpoint_url":"https://beta.test:8443",\
                "https_spiffe":{"endpoint_spiffe_id":"spiffe://beta.test/spire/server"},"trust_domain":"beta.test"},\
                "status":{"code":0,"message":"OK"}},\
                {"federation_relationship":{"bundle_endpoint_url":"https://gamma.test","https_web":{},\
                "trust_domain":"gamma.test"},"status":{"code":13,"message":"no \\"way\\""}}]}

                """)
    }

    @Test(arguments: [
        ("", "u", "https_web", "", "trust domain is required"),
        ("b", "", "https_web", "", "bundle endpoint URL is required"),
        ("b", "u", "web", "", "unknown bundle endpoint profile type: \"web\""),
        ("b", "u", "https_spiffe", "", "endpoint SPIFFE ID is required if 'https_spiffe' endpoint profile is set"),
        ("b", "http://b", "https_web", "", "bundle endpoint URL must use the https scheme"),
        ("b", "https:///x", "https_web", "", "bundle endpoint URL must specify the host"),
        ("b", "https://user:secret@b", "https_web", "", "bundle endpoint URL must not contain user info"),
    ])
    func inputNamesWhatIsMissing(_ name: String, _ url: String, _ profile: String, _ id: String, _ message: String) {
        let input = FederationInput(
            trustDomain: name, bundleEndpointURL: url, bundleEndpointProfile: profile, endpointSPIFFEID: id)
        let error = #expect(throws: CommandError.self) { try input.relationship(bundle: nil) }
        #expect(error?.message == message)
    }

    @Test func fileHasManyRelationships() throws {
        let relationships = try FederationFile.relationships(
            in: Array(
                #"""
                {"federationRelationships": [
                    {"trustDomain": "b", "bundleEndpointURL": "https://b", "bundleEndpointProfile": "https_web"},
                    {"trustDomain": "c", "bundleEndpointURL": "https://c", "bundleEndpointProfile": "https_spiffe",
                     "endpointSPIFFEID": "spiffe://c/spire/server"}]}
                """#.utf8))
        #expect(relationships.map(\.trustDomain) == ["b", "c"])
        #expect(relationships[1].httpsSpiffe.endpointSpiffeID == "spiffe://c/spire/server")
    }
}
