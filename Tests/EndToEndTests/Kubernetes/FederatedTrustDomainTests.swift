// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE
import Testing

/// ClusterFederatedTrustDomains as the guides apply them, with kubectl, before real controllers and servers.
@Suite(.serialized) struct FederatedTrustDomainTests {
    @Test(
        "S2 S3 S7 S8 S30 S57 S58 S67: three clusters trust each other by six objects, follow a change, and let go",
        .timeLimit(.minutes(3)))
    func meshOfThree() async throws {
        let kubernetes = try await KubernetesFixture.withCustomResources()
        let sides = try ["one.test", "two.test", "three.test"].map { try ControlledDomain($0, in: kubernetes) }
        var programs: [RunningProgram] = []
        for side in sides { programs += try await side.start() }
        defer { withExtendedLifetime(programs) {} }

        for side in sides {
            for partner in sides where partner !== side {
                // The bundle goes in as the script of the guide splices it.
                let bundle = try await partner.domain.bundleDocument()
                try await kubernetes.apply(side.manifest(for: partner.domain, bundle: "\n\(bundle)\n"))
            }
        }
        for side in sides {
            for partner in sides where partner !== side {
                let status = try await side.condition("Ready", "True Fresh", for: partner.domain.trustDomain)
                let refreshed = try #require(status["lastRefreshTime"]?.string)
                let age = Date.now.timeIntervalSince(try Date(refreshed, strategy: .iso8601))
                #expect((-5...60).contains(age), "\(refreshed)")
                #expect(status["nextRefreshTime"] != nil && status["usableUntil"] != nil)
                #expect(status["authorities"]?.array?.isEmpty == false)
            }
            let listed = try await side.domain.server("federation", "list").check().output
            #expect(listed.hasPrefix("Found 2 federation relationships\n"))
        }
        try await showsTheColumns(sides[0], partner: sides[1])
        try await aChangeReachesBothOthers(sides)
        try await deletionLeavesNothingStuck(sides, programs)
    }

    private func showsTheColumns(_ side: ControlledDomain, partner: ControlledDomain) async throws {
        let table = try await side.kubernetes.kubectl("get", "clusterfederatedtrustdomain").check().output
        let lines = table.split(separator: "\n")
        #expect(
            lines[0].split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
                == "NAME TRUST DOMAIN ENDPOINT URL")
        let name = side.objectName(for: partner.domain.trustDomain)
        let row = try #require(lines.first { $0.hasPrefix(name) }).split(separator: " ").map(String.init)
        #expect(row == [name, partner.domain.trustDomain, partner.domain.bundleEndpointURL])
    }

    private func aChangeReachesBothOthers(_ sides: [ControlledDomain]) async throws {
        try await sides[0].domain.server("localauthority", "x509", "prepare").check()
        for side in sides.dropFirst() {
            try await eventually("\(side.domain.trustDomain) has the new key", within: .seconds(45)) {
                let stored = try await side.domain.storedBundle(of: "one.test")
                return try BundleDocumentText(stored).keys.count { $0["use"] == "x509-svid" } == 2 ? true : nil
            }
            let status = try await side.status(
                of: side.objectName(for: "one.test"), "both keys are trusted", within: .seconds(45)
            ) { ($0["authorities"]?.array ?? []).count { $0["type"] == "x509" } == 2 }
            #expect(status["lastChangeTime"] != nil)
        }
    }

    /// There are no finalizers: what is deleted goes whether a controller runs or not.
    private func deletionLeavesNothingStuck(_ sides: [ControlledDomain], _ programs: [RunningProgram]) async throws {
        let side = sides[0]
        try await side.removeObjects(for: "two.test")
        try await eventually("the relationship is gone") {
            let listed = try await side.domain.server("federation", "list").check().output
            return listed.hasPrefix("Found 1 federation relationship\n") ? true : nil
        }
        // Upstream's way: who was trusted is trusted until somebody says otherwise.
        #expect(try await !side.domain.storedBundle(of: "two.test").isEmpty)
        for program in programs where program.name.contains("controller") { await program.stop() }
        try await side.removeObjects(for: "three.test")
        for other in sides.dropFirst() {
            try await other.removeObjects(for: "one.test", "two.test", "three.test")
        }
    }

    @Test("S1 S2 S52 C7: the API's layout is taken with a warning; what is wrong is refused clearly and alone")
    func readsWhatTheGuidesPrint() async throws {
        let kubernetes = try await KubernetesFixture.withCustomResources()
        let side = try ControlledDomain("one.test", in: kubernetes)
        let two = try Deployment("two.test")
        let programs = try await side.start(with: two)
        defer { withExtendedLifetime(programs) {} }
        let certificate = try #require(
            try BundleDocumentText(try await two.bundleDocument()).keys.first { $0["use"] == "x509-svid" }?["x5c"])
        func layout(_ domain: String) -> String {
            """
            {"trust_domain": "\(domain)", "x509_authorities": [{"asn1": "\(certificate)"}]}
            """
        }

        try await kubernetes.apply(side.manifest(for: two, bundle: layout("two.test")))
        let status = try await side.condition("Ready", "True Fresh", for: "two.test")
        #expect("\(status["warnings"] ?? .null)".contains("canonical form"))

        // Somebody else's bundle, one's own domain, and the snippet that ends after the URL.
        let foreign = side.manifest(
            for: "three.test", url: "https://three.test", bundle: layout("two.test"))
        try await kubernetes.apply(foreign)
        try await isRefused(side, "three.test", "bundle is of trust domain \"two.test\"")
        try await kubernetes.apply(side.manifest(for: "one.test", url: "https://one.test"))
        try await isRefused(side, "one.test", "this server's own trust domain")
        let snippet = side.manifest(for: "four.test", url: "https://four.test").split(separator: "\n").filter {
            !$0.contains("bundleEndpointProfile") && !$0.contains("type:")
        }.joined(separator: "\n")
        let applied = try await kubernetes.kubectl(["apply", "-f", "-"], input: snippet)
        if applied.exitCode == 0 {
            try await isRefused(side, "four.test", "spec.bundleEndpointProfile is missing")
        } else {
            #expect(applied.errors.contains("bundleEndpointProfile is missing"), "\(applied.errors)")
        }
        #expect(try await side.object(side.objectName(for: "two.test"))?["status"]?.condition("Ready") == "True Fresh")
        try await side.removeObjects(for: "one.test", "two.test", "three.test", "four.test")
    }

    private func isRefused(_ side: ControlledDomain, _ partner: String, _ reason: String) async throws {
        let status = try await side.condition("Ready", "False Invalid", for: partner)
        #expect(status.conditionMessage("Ready")?.contains(reason) == true, "\(status)")
    }

    @Test("S39: a name, a port, an identity and a path that are wrong are told apart, each with what to do")
    func tellsFailuresApart() async throws {
        let kubernetes = try await KubernetesFixture.withCustomResources()
        let side = try ControlledDomain("one.test", in: kubernetes)
        let (two, three) = (try Deployment("two.test"), try Deployment("three.test"))
        let programs = try await side.start(with: two, three)
        defer { withExtendedLifetime(programs) {} }
        let closed = try Deployment.Ports.free().server

        let objects = [
            (
                "name.test", "DNSFailed", "dns",
                side.manifest(for: "name.test", url: "https://no-such-host.invalid:8443")
            ),
            (
                "port.test", "ConnectFailed", "connect",
                side.manifest(for: "port.test", url: "https://127.0.0.1:\(closed)")
            ),
            (
                "two.test", "TLSIdentityRefused", "tlsIdentity",
                side.manifest(
                    for: "two.test", url: two.bundleEndpointURL, profile: "https_spiffe",
                    endpointID: "spiffe://two.test/somebody/else", bundle: try await two.bundleDocument())
            ),
            (
                "three.test", "HTTPStatus", "httpStatus",
                side.manifest(
                    for: "three.test", url: "\(three.bundleEndpointURL)nothing", profile: "https_spiffe",
                    endpointID: "spiffe://three.test/spire/server", bundle: try await three.bundleDocument())
            ),
        ]
        for (_, _, _, manifest) in objects { try await kubernetes.apply(manifest) }
        for (partner, reason, errorClass, _) in objects {
            let status = try await side.condition("EndpointReachable", "False \(reason)", for: partner)
            #expect(status["lastError"]?["class"]?.string == errorClass)
            let cure = try #require(status["lastError"]?["cure"]?.string)
            #expect(status.conditionMessage("EndpointReachable")?.hasSuffix(cure) == true)
            #expect(status["lastError"]?["time"] != nil && status["nextRefreshTime"] != nil)
        }
        try await side.removeObjects(for: "name.test", "port.test", "two.test", "three.test")
    }

    @Test("S44 C10 C11: the object as another guide prints it works by its alias, or says which class it lacks")
    func neverIgnoresSilently() async throws {
        let kubernetes = try await KubernetesFixture.withCustomResources()
        let side = try ControlledDomain("alpha.com", in: kubernetes)
        let beta = try Deployment("beta.com")
        try side.domain.writeServerConfiguration()
        try beta.writeServerConfiguration()
        let servers = [try await side.domain.startServer(), try await beta.startServer()]
        defer { withExtendedLifetime(servers) {} }
        try await side.domain.bootstrap(from: beta)
        // As printed, but for the place of the endpoint and a name of its own.
        let name = side.objectName(for: "beta.com")
        try await kubernetes.apply(
            """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ClusterFederatedTrustDomain
            metadata:
              name: \(name)
            spec:
              trustDomain: beta.com
              bundleEndpointURL: \(beta.bundleEndpointURL)
              bundleEndpointProfile:
                type: https_spiffe
                endpointSpiffeId: spiffe://beta.com/spire/server
            """)

        let picky = try side.startController()
        let refused = try await side.condition("Selected", "False NotSelected", for: "beta.com")
        #expect(refused.conditionMessage("Selected")?.contains("set spec.className, or watchClassless") == true)
        #expect(try await side.domain.server("federation", "list").check().output.hasPrefix("Found 0 federation"))
        await picky.stop()

        let controller = try side.startController("watchClassless: true", log: "controller-2.log")
        defer { withExtendedLifetime(controller) {} }
        let status = try await side.condition("Ready", "True Fresh", for: "beta.com")
        #expect(status.condition("Selected") == "True ClassMatches")
        #expect("\(status["warnings"] ?? .null)".contains("endpointSpiffeId should be endpointSPIFFEID"))
        try await side.removeObjects(for: "beta.com")
    }
}
