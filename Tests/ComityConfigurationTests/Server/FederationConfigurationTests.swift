// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import ComityRegistry
import SPIFFE
import Testing

@Suite struct FederationConfigurationTests {
    private func load(_ block: String) throws -> LoadedConfiguration<ServerConfiguration> {
        try ServerConfiguration.load(ConfigurationFile(name: "server.conf", text: Fixture.completeServer(block)))
    }

    private func faults(_ block: String) -> [String] {
        Fixture.serverFaults(Fixture.completeServer(block))
    }

    @Test(
        "every form of C25 is the same relationship",
        arguments: [
            """
            federation { federates_with "beta.test" {
                bundle_endpoint_url = "https://beta.test:8443"
                bundle_endpoint_profile "https_spiffe" { endpoint_spiffe_id = "spiffe://beta.test/spire/server" }
            } }
            """,
            """
            federation { federates_with = { "beta.test" = {
                bundle_endpoint_url = "https://beta.test:8443"
                bundle_endpoint_profile = { https_spiffe = { endpoint_spiffe_id = "spiffe://beta.test/spire/server" } }
            } } }
            """,
            """
            federation = [{ federates_with = [{ "beta.test" = [{
                bundle_endpoint_url = "https://beta.test:8443"
                bundle_endpoint_profile = [{ https_spiffe = [{ endpoint_spiffe_id = "spiffe://beta.test/spire/server" }] }]
            }] }] }]
            """,
            """
            federation { federates_with "spiffe://beta.test" {
                bundle_endpoint_url = "https://beta.test:8443"
                bundle_endpoint_profile { https_spiffe { endpoint_spiffe_id = "spiffe://beta.test/spire/server" } }
            } }
            """,
        ])
    func readsEveryFormOfARelationship(block: String) throws {
        let loaded = try load(block)
        #expect(loaded.warnings.isEmpty)
        #expect(
            loaded.configuration.federation.relationships == [
                FederationRelationship(
                    trustDomain: try TrustDomain("beta.test"), bundleEndpointURL: "https://beta.test:8443",
                    profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://beta.test/spire/server")))
            ])
    }

    @Test func readsWhoMayShareRoots() throws {
        let loaded = try load(
            """
            federation {
                allow_shared_roots = ["gamma.test"]
                federates_with "beta.test" {
                    bundle_endpoint_url = "https://beta.test:8443"
                    bundle_endpoint_profile "https_web" {}
                    allow_shared_roots = true
                }
                federates_with "delta.test" {
                    bundle_endpoint_url = "https://delta.test:8443"
                    bundle_endpoint_profile "https_web" {}
                }
            }
            """)
        #expect(loaded.warnings.isEmpty)
        #expect(
            loaded.configuration.federation.domainsWithSharedRoots == [
                try TrustDomain("beta.test"), try TrustDomain("gamma.test"),
            ])
        #expect(faults("federation { allow_shared_roots = [\"Upper\"] }").count == 1)
    }

    @Test(arguments: [
        "federation { bundle_endpoint { address = \"::1\" port = 8443 profile \"https_spiffe\" {} } }",
        "federation { bundle_endpoint { address = \"[::1]\" port = \"8443\" profile = { https_spiffe = {} } } }",
        "federation { bundle_endpoint = [{ address = \"::1\" port = 8443 profile = [{ https_spiffe = {} }] }] }",
    ])
    func readsEveryFormOfTheEndpoint(block: String) throws {
        let loaded = try load(block)
        let endpoint = try #require(loaded.configuration.federation.bundleEndpoint)
        #expect(loaded.warnings.isEmpty)
        #expect(endpoint.address == "::1")
        #expect(endpoint.port == 8443)
        #expect(endpoint.refreshHint == .seconds(300))
        #expect(endpoint.profile == .httpsSPIFFE)
    }

    @Test(arguments: [("", 3600), ("file_sync_interval = \"0s\"", 3600), ("file_sync_interval = \"5m\"", 300)])
    func readsServingCertificates(interval: String, seconds: Int) throws {
        let endpoint = try load(
            """
            federation { bundle_endpoint { port = 8443 profile "https_web" { serving_cert_file {
                cert_file_path = "/tls.crt" key_file_path = "/tls.key" \(interval)
            } } } }
            """
        ).configuration.federation.bundleEndpoint
        #expect(
            endpoint?.profile
                == .httpsWeb(certificatePath: "/tls.crt", keyPath: "/tls.key", syncInterval: .seconds(seconds)))
        #expect(endpoint?.address == nil)
    }

    @Test(arguments: [
        (
            "bundle_endpoint { port = 1 }",
            [
                "warning: Bundle endpoint is configured but has no profile set, using https_spiffe as default; please configure a profile explicitly. This will be fatal in a future release."
            ]
        ),
        (
            "bundle_endpoint { port = 1 refresh_hint = \"24h\" profile \"https_spiffe\" {} }",
            [
                "warning: Bundle endpoint refresh hint set to a high value. To cover the case of unscheduled trust bundle updates, it's recommended to have a smaller value, e.g. 5m"
            ]
        ),
        (
            "bundle_endpoint { port = 1 refresh_hint = \"59s\" profile \"https_spiffe\" {} }",
            ["warning: Bundle endpoint refresh hint set too low. SPIRE will not refresh more often than 1 minute"]
        ),
        (
            "bundle_endpoint { port = 1 refresh_hint = 300 profile \"https_spiffe\" {} }",
            [
                "error: could not parse refresh_hint \"300\": time: missing unit in duration \"300\"\n    hint: write a number and a unit, such as \"90s\", \"5m\" or \"1h30m\""
            ]
        ),
        (
            "bundle_endpoint { profile \"https_spiffe\" {} }",
            [
                "warning: server.federation.bundle_endpoint.port is not set, so the system chooses another one at each start"
            ]
        ),
        (
            "bundle_endpoint { address = \"localhost\" port = 1 profile \"https_spiffe\" {} }",
            [
                "warning: server.federation.bundle_endpoint.address is no IP address: \"localhost\"; all interfaces are used"
            ]
        ),
        (
            "bundle_endpoint { port = 1 profile \"https_spiffe\" {} profile \"https_web\" {} }",
            ["error: exactly one bundle endpoint profile is expected"]
        ),
        (
            "bundle_endpoint { port = 1 profile \"https_web\" {} }",
            ["error: malformed https_web profile configuration: 'acme' or 'serving_cert_file' is required"]
        ),
        (
            "bundle_endpoint { port = 1 profile \"https_other\" {} }",
            [
                "error: unknown bundle endpoint profile configured; current supported profiles are \"https_spiffe\" and \"https_web\""
            ]
        ),
        (
            "bundle_endpoint { port = 1 profile \"https_web\" { acme { domain_name = \"x\" } } }",
            [
                "error: server.federation.bundle_endpoint.profile.https_web.acme is not supported yet\n    hint: use profile \"https_spiffe\" {} or profile \"https_web\" { serving_cert_file { … } }"
            ]
        ),
        (
            "bundle_endpoint { port = 1 acme {} profile \"https_spiffe\" {} }",
            [
                "error: either bundle endpoint 'acme' or 'profile' can be set, but not both",
                "error: server.federation.bundle_endpoint.acme is not supported yet\n    hint: use profile \"https_spiffe\" {} or profile \"https_web\" { serving_cert_file { … } }",
            ]
        ),
        (
            "bundle_endpoint { prot = 1 profile \"https_spiffe\" {} }",
            [
                "warning: server.federation.bundle_endpoint.port is not set, so the system chooses another one at each start",
                "error: unknown configuration detected: server.federation.bundle_endpoint: prot\n    hint: did you mean port?",
            ]
        ),
        (
            "federate_with \"x.test\" {}",
            [
                "warning: unknown configuration is ignored: server.federation: federate_with\n    hint: did you mean federates_with?"
            ]
        ),
    ])
    func saysWhatIsWrongWithAFederation(block: String, messages: [String]) {
        let found = faults("federation { \(block) }").map { $0.replacing(#/server\.conf:\d+:\d+: /#, with: "") }
        #expect(found == messages)
    }

    @Test("FED-20: https_web needs no more than trust domain, URL and profile")
    func readsARelationshipByWebPKI() throws {
        let loaded = try load(
            """
            federation { federates_with "beta.test" {
                bundle_endpoint_url = "https://beta.test:8443"
                bundle_endpoint_profile "https_web" {}
            } }
            """)
        #expect(loaded.warnings.isEmpty)
        #expect(
            loaded.configuration.federation.relationships == [
                FederationRelationship(
                    trustDomain: try TrustDomain("beta.test"), bundleEndpointURL: "https://beta.test:8443",
                    profile: .httpsWeb)
            ])
    }

    @Test(
        "FED-15, FED-27: trust domain, URL and profile have to be configured, none is guessed from another",
        arguments: [
            (
                "federates_with \"beta.test\" { bundle_endpoint_profile \"https_web\" {} }",
                "federation.federates_with[\"beta.test\"].bundle_endpoint_url must be configured"
            ),
            (
                "federates_with \"beta.test\" { bundle_endpoint_url = \"https://beta.test\" }",
                "federation configuration for trust domain \"beta.test\": missing bundle endpoint configuration\n    hint: add bundle_endpoint_profile \"https_web\" {} or \"https_spiffe\" { endpoint_spiffe_id }"
            ),
            (
                "federates_with \"\" { bundle_endpoint_url = \"https://beta.test\" bundle_endpoint_profile \"https_web\" {} }",
                "could not parse federated trust domain \"\": trust domain is missing"
            ),
        ])
    func wantsAllThreeParameters(block: String, message: String) {
        let found = faults("federation { \(block) }")
        #expect(found.map { $0.replacing(#/server\.conf:\d+:\d+: error: /#, with: "") } == [message])
    }

    @Test(arguments: [
        (
            "bundle_endpoint_url = \"http://beta.test\"",
            "federation.federates_with[\"beta.test\"].bundle_endpoint_url must use the HTTPS protocol; URL found: \"http://beta.test\""
        ),
        (
            "bundle_endpoint_url = \"https:///x\"",
            "federation.federates_with[\"beta.test\"].bundle_endpoint_url: bundle endpoint URL must specify the host"
        ),
        (
            "bundle_endpoint_url = \"https://user:secret@beta.test\"",
            "federation.federates_with[\"beta.test\"].bundle_endpoint_url: bundle endpoint URL must not contain user info"
        ),
        (
            "bundle_endpoint_url = \"http://user:secret@beta.test\"",
            "federation.federates_with[\"beta.test\"].bundle_endpoint_url must use the HTTPS protocol"
        ),
    ])
    func saysWhatIsWrongWithAnEndpointURL(keys: String, message: String) {
        let found = faults(
            "federation { federates_with \"beta.test\" { \(keys) bundle_endpoint_profile \"https_web\" {} } }")
        #expect(found.map { $0.replacing(#/server\.conf:\d+:\d+: error: /#, with: "") } == [message])
    }

    @Test(
        "FED-17, FED-29: https_spiffe takes one parameter more, the SPIFFE ID of the endpoint",
        arguments: [
            (
                "bundle_endpoint_profile \"https_spiffe\" {}",
                "error parsing federation relationship for trust domain \"beta.test\": could not get endpoint SPIFFE ID: cannot be empty"
            ),
            (
                "bundle_endpoint_profile \"https_spiffe\" { endpoint_spiffe_id = \"beta\" }",
                "error parsing federation relationship for trust domain \"beta.test\": could not get endpoint SPIFFE ID: scheme is missing or invalid"
            ),
            (
                "bundle_endpoint_profile { https_spiffe {} https_web {} }",
                "error parsing federation relationship for trust domain \"beta.test\": exactly one bundle endpoint profile is expected"
            ),
        ])
    func saysWhatIsWrongWithAProfile(keys: String, message: String) {
        let url = "bundle_endpoint_url = \"https://beta.test\""
        let found = faults("federation { federates_with \"beta.test\" { \(url) \(keys) } }")
        #expect(found.map { $0.replacing(#/server\.conf:\d+:\d+: error: /#, with: "") } == [message])
    }

    @Test func refusesToFederateWithItselfOrTwiceWithAnother() {
        let relationship = "{ bundle_endpoint_url = \"https://x.test\" bundle_endpoint_profile \"https_web\" {} }"
        let found = faults(
            "federation { federates_with { \"example.org\" \(relationship) b.test \(relationship) "
                + "\"spiffe://b.test\" \(relationship) \"Upper\" \(relationship) } }")
        #expect(
            found.map { $0.replacing(#/server\.conf:\d+:\d+: error: /#, with: "") } == [
                "federation.federates_with[\"example.org\"] is the trust domain of this server, which cannot federate with itself",
                "federation.federates_with[\"spiffe://b.test\"] is set more than once",
                "could not parse federated trust domain \"Upper\": trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores",
            ])
    }
}
