// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityRegistry
import ComityTesting
import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL
import SPIFFE
import Testing
import X509

/// Who is refused before anything is sent, and how the failure is classed (S39).
@Suite struct EndpointIdentityTests {
    private let ca: TestCA
    private let endpointID: SPIFFEID
    private let answer = ScriptedEndpoint.Step.document("{\"keys\":[]}")

    init() throws {
        ca = try TestCA("beta.test")
        endpointID = try SPIFFEID("spiffe://beta.test/spire/server")
    }

    @Test(
        "FED-35: another ID, another trust domain, a web certificate, an expired SVID are refused",
        arguments: ["other ID", "other trust domain", "web certificate", "expired", "unknown root", "client only"])
    func refusesOtherIdentity(_ name: String) async throws {
        try await ScriptedEndpoint.with(try wrongIdentity(name), { _ in [answer] }) { endpoint in
            let failure = try await failure(of: try relationship(endpoint.url), trusting: try ca.bundle)
            #expect(failure.class == .tlsIdentity)
            #expect(endpoint.requests.isEmpty)
        }
    }

    private func wrongIdentity(_ name: String) throws -> TestSVID {
        switch name {
        case "other ID": try ca.leaf("/spire/agent")
        case "other trust domain": try TestCA("gamma.test").leaf("/spire/server")
        case "web certificate": try WebCA().leaf("localhost")
        case "expired": try ca.leaf("/spire/server") { $0.notAfter = TestTime.past.addingTimeInterval(1) }
        case "unknown root": try TestCA("beta.test").leaf("/spire/server")
        default: try ca.leaf("/spire/server") { $0.extendedKeyUsage = try ExtendedKeyUsage([.clientAuth]) }
        }
    }

    @Test("FED-29: without a bundle nothing is sent") func missingBundleSendsNothing() async throws {
        try await ScriptedEndpoint.with(try ca.leaf("/spire/server"), { _ in [answer] }) { endpoint in
            let failure = try await failure(of: try relationship(endpoint.url), trusting: nil)
            #expect(failure.class == .noBundle)
            #expect(failure.message.contains("can't perform SPIFFE Authentication: local copy of bundle not found"))
            #expect(failure.message.contains("bundle set -id beta.test"))
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("FED-31: an endpoint of another trust domain needs that one's bundle") func endpointOfAnotherTrustDomain()
        async throws
    {
        let gamma = try TestCA("gamma.test")
        try await ScriptedEndpoint.with(try gamma.leaf("/server"), { _ in [answer] }) { endpoint in
            let relationship = FederationRelationship(
                trustDomain: ca.trustDomain, bundleEndpointURL: endpoint.url,
                profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://gamma.test/server")))
            let refused = try await failure(of: relationship, trusting: try ca.bundle)
            #expect(refused.class == .noBundle)
            let fetched = try await HTTPSBundleFetcher().fetchBundle(of: relationship, trusting: try gamma.bundle)
            #expect(fetched.bundle.trustDomain == ca.trustDomain)
        }
    }

    @Test(
        "FED-26: https_web refuses an untrusted issuer, another name, an expired certificate; FED-21: another name",
        arguments: ["untrusted", "other name", "expired", "root of the trust domain"])
    func refusesWebCertificate(_ name: String) async throws {
        let web = try WebCA()
        let leaf =
            switch name {
            case "untrusted": try WebCA().leaf("localhost")
            case "other name": try web.leaf("example.org")
            case "root of the trust domain": try ca.leaf { $0.names = [.dnsName("localhost")] }
            default: try web.leaf("localhost") { $0.notAfter = TestTime.past.addingTimeInterval(1) }
            }
        try await ScriptedEndpoint.with(leaf, { _ in [answer] }) { endpoint in
            let failure = try await failure(
                of: webRelationship(endpoint.port), trusting: try ca.bundle, webRoots: [try web.root()])
            #expect(failure.class == .tlsIdentity, "\(failure)")
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("FED-21: a web certificate names the endpoint's IP address where the URL does", arguments: [1, 2] as [UInt8])
    func matchesIPAddresses(lastOctet: UInt8) async throws {
        let web = try WebCA()
        let leaf = try web.leaf("localhost") { $0.names = [.ipAddress(127, 0, 0, lastOctet)] }
        try await ScriptedEndpoint.with(leaf, { _ in [answer] }) { endpoint in
            let relationship = FederationRelationship(
                trustDomain: ca.trustDomain, bundleEndpointURL: "https://127.0.0.1:\(endpoint.port)",
                profile: .httpsWeb)
            if lastOctet == 1 {
                _ = try await HTTPSBundleFetcher(webRoots: [try web.root()])
                    .fetchBundle(of: relationship, trusting: nil)
            } else {
                let failure = try await failure(of: relationship, trusting: nil, webRoots: [try web.root()])
                #expect(failure.class == .tlsIdentity)
            }
        }
    }

    @Test("FED-43: https_spiffe against a web certificate fails, though https_web would not")
    func spiffeAgainstWebCertificate() async throws {
        let web = try WebCA()
        try await ScriptedEndpoint.with(try web.leaf("localhost"), { _ in [answer] }) { endpoint in
            let url = "https://localhost:\(endpoint.port)"
            let failure = try await failure(
                of: try relationship(url), trusting: try ca.bundle, webRoots: [try web.root()])
            #expect(failure.class == .tlsIdentity)
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("FED-43: https_web against an SVID fails and hints at https_spiffe") func webAgainstSVID() async throws {
        try await ScriptedEndpoint.with(try ca.leaf("/spire/server"), { _ in [answer] }) { endpoint in
            let failure = try await failure(of: webRelationship(endpoint.port), trusting: try ca.bundle)
            #expect(failure.class == .tlsIdentity)
            #expect(failure.message.contains("the server certificate contains SPIFFE ID \"\(endpointID)\""))
            #expect(failure.message.contains("maybe use https_spiffe instead of https_web"))
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("S39: a name that does not resolve") func unknownHost() async throws {
        // A label of over 63 bytes fails without asking a name server.
        let host = String(repeating: "x", count: 64) + ".invalid"
        let failure = try await failure(of: try relationship("https://\(host):1"), trusting: try ca.bundle)
        #expect(failure.class == .dns)
        #expect(failure.message.contains("lookup \(host): no such host"))
    }

    @Test("S39: a port where nobody listens") func nobodyListens() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        try await channel.close()
        let failure = try await failure(of: try relationship("https://127.0.0.1:\(port)"), trusting: try ca.bundle)
        #expect(failure.class == .connect)
        #expect(failure.message.contains("dial tcp"))
    }

    @Test func malformedURLSendsNothing() async throws {
        let failure = try await failure(of: try relationship("http://127.0.0.1:1"), trusting: try ca.bundle)
        #expect(failure.message.contains("must use the https scheme"))
    }

    private func relationship(_ url: String) throws -> FederationRelationship {
        FederationRelationship(
            trustDomain: ca.trustDomain, bundleEndpointURL: url, profile: .httpsSPIFFE(endpointID: endpointID))
    }

    private func webRelationship(_ port: Int) -> FederationRelationship {
        FederationRelationship(
            trustDomain: ca.trustDomain, bundleEndpointURL: "https://localhost:\(port)", profile: .httpsWeb)
    }

    private func failure(
        of relationship: FederationRelationship, trusting trusted: SPIFFEBundle?, webRoots: [NIOSSLCertificate] = []
    ) async throws -> FederationFailure {
        try #require(
            await #expect(throws: FederationFailure.self) {
                try await HTTPSBundleFetcher(webRoots: webRoots).fetchBundle(of: relationship, trusting: trusted)
            })
    }
}
