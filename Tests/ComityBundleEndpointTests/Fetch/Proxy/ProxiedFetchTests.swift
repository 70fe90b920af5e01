// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityRegistry
import ComityTesting
import SPIFFE
import Testing

/// What holds for an endpoint holds through a proxy, and a proxy gets nothing but the endpoint's name.
@Suite(.timeLimit(.minutes(1))) struct ProxiedFetchTests {
    private let ca: TestCA
    private let server: TestSVID
    private let document: String

    init() throws {
        ca = try TestCA("beta.test")
        server = try ca.leaf("/spire/server")
        document = String(decoding: try ca.bundle.document(), as: UTF8.self)
    }

    @Test(
        "a bundle comes through a proxy, which alone knows where the name is",
        arguments: ["HTTPS_PROXY", "https_proxy"])
    func fetchesThroughAProxy(variable: String) async throws {
        try await ScriptedEndpoint.with(server, { _ in [.document(document)] }) { endpoint in
            try await ConnectProxy.with({ _ in .tunnel(port: endpoint.port) }) { proxy in
                let environment = [variable: "http://user:secret@127.0.0.1:\(proxy.port)", "NO_PROXY": "other.test"]
                let fetched = try await fetch("https://partner.test/x", environment)
                #expect(fetched.bundle.x509Authorities.count == 1)
                let request = try #require(proxy.requests.first)
                #expect(request.hasPrefix("CONNECT partner.test:443 HTTP/1.1\r\nHost: partner.test:443\r\n"))
                #expect(request.contains("\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"))
                let inner = try #require(endpoint.requests.first)
                #expect(inner.hasPrefix("GET /x HTTP/1.1\r\nHost: partner.test\r\n"))
                #expect(!inner.contains("Proxy-Authorization"))
            }
        }
    }

    @Test("a proxy may be spoken to by TLS and has to prove its name then", arguments: [true, false])
    func proxyProvesItself(isTrusted: Bool) async throws {
        let web = try WebCA()
        try await ScriptedEndpoint.with(server, { _ in [.document(document)] }) { endpoint in
            try await ConnectProxy.with(
                identity: try web.leaf("localhost"), { _ in .tunnel(port: endpoint.port) }
            ) { proxy in
                let fetcher = HTTPSBundleFetcher(
                    proxies: ProxySettings(environment: ["HTTPS_PROXY": "https://localhost:\(proxy.port)"]),
                    webRoots: isTrusted ? [try web.root()] : [])
                let relationship = try relationship("https://partner.test")
                if isTrusted {
                    _ = try await fetcher.fetchBundle(of: relationship, trusting: try ca.bundle)
                } else {
                    await #expect(throws: FederationFailure.self) {
                        try await fetcher.fetchBundle(of: relationship, trusting: try ca.bundle)
                    }
                    #expect(proxy.requests.isEmpty)
                }
            }
        }
    }

    @Test("FED-35: a proxy that leads to another identity is found out") func endpointProvesItself() async throws {
        let impostor = try TestCA("beta.test").leaf("/spire/server")
        try await ScriptedEndpoint.with(impostor, { _ in [.document(document)] }) { endpoint in
            let failure = try await failure { _ in .tunnel(port: endpoint.port) }
            #expect(failure.class == .tlsIdentity)
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("each redirect asks the proxy anew") func redirectsGoByTheProxy() async throws {
        let script: ScriptedEndpoint.Script = { target in
            target == "/" ? [.redirect(to: "https://moved.test:8443/here")] : [.document(document)]
        }
        try await ScriptedEndpoint.with(server, script) { endpoint in
            try await ConnectProxy.with({ _ in .tunnel(port: endpoint.port) }) { proxy in
                _ = try await fetch("https://partner.test", ["HTTPS_PROXY": "127.0.0.1:\(proxy.port)"])
                let targets = proxy.requests.map { $0.split(separator: " ")[1] }
                #expect(targets == ["partner.test:443", "moved.test:8443"])
            }
        }
    }

    @Test("a proxy cannot outlast the deadline") func deadlineHoldsForAProxy() async throws {
        let failure = try await failure(deadline: .milliseconds(300)) { _ in .hang }
        #expect(failure.class == .timeout)
    }

    @Test("the size cap holds through a proxy") func sizeCapHolds() async throws {
        try await ScriptedEndpoint.with(server, { _ in [.document(document)] }) { endpoint in
            let failure = try await failure(maximumBytes: 64) { _ in .tunnel(port: endpoint.port) }
            #expect(failure.class == .tooLarge)
        }
    }

    @Test(
        "a proxy that refuses, talks nonsense or hangs up is named with its reason and without its password",
        arguments: [
            (.send("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), "407 Proxy Authentication Required"),
            (.send("HTTP/1.1 403 Forbidden\r\nX: y\r\n\r\n"), "tunnel to partner.test:443 refused: 403 Forbidden"),
            (.send("SSH-2.0-OpenSSH\r\n\r\n"), "answer is not HTTP"),
            (.send(String(repeating: "x", count: 40_000)), "answer has no end"),
            (.close, "connection closed before the tunnel was open"),
        ] as [(ConnectProxy.Answer, String)])
    func namesTheProxy(answer: ConnectProxy.Answer, words: String) async throws {
        let failure = try await failure { _ in answer }
        #expect(failure.class == .connect)
        #expect(failure.message.contains("proxy 127.0.0.1:"))
        #expect(failure.message.contains(words), "\(failure.message)")
        #expect(!failure.message.contains("secret"))
    }

    @Test("an absent proxy and one of another kind are told without the password; nothing goes past them")
    func neverGoesPastTheProxy() async throws {
        for (address, words) in [
            ("http://user:secret@127.0.0.1:1", "proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused"),
            ("socks5://user:secret@127.0.0.1:1", "HTTPS_PROXY has to be http://HOST:PORT"),
        ] {
            let failure = try #require(
                await #expect(throws: FederationFailure.self) {
                    try await fetch("https://192.0.2.1", ["HTTPS_PROXY": address])
                })
            #expect(failure.class == .connect)
            #expect(failure.message.contains(words), "\(failure.message)")
            #expect(!failure.message.contains("secret"))
        }
    }

    @Test("the own machine is reached directly") func loopbackIsDirect() async throws {
        try await ScriptedEndpoint.with(server, { _ in [.document(document)] }) { endpoint in
            _ = try await fetch(endpoint.url, ["HTTPS_PROXY": "http://127.0.0.1:1"])
            #expect(endpoint.requests.count == 1)
        }
    }

    // MARK: - Steps

    private func relationship(_ url: String) throws -> FederationRelationship {
        FederationRelationship(
            trustDomain: ca.trustDomain, bundleEndpointURL: url,
            profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://beta.test/spire/server")))
    }

    private func fetch(
        _ url: String, _ environment: [String: String], limits: FetchLimits = FetchLimits()
    ) async throws -> BundleDocument {
        try await HTTPSBundleFetcher(limits: limits, proxies: ProxySettings(environment: environment))
            .fetchBundle(of: try relationship(url), trusting: try ca.bundle)
    }

    private func failure(
        deadline: Duration = .seconds(10), maximumBytes: Int = 4 << 20,
        _ answer: @escaping @Sendable (String) -> ConnectProxy.Answer
    ) async throws -> FederationFailure {
        var limits = FetchLimits()
        limits.deadline = deadline
        limits.maximumDocumentBytes = maximumBytes
        return try await ConnectProxy.with(answer) { [limits] proxy in
            let environment = ["HTTPS_PROXY": "http://user:secret@127.0.0.1:\(proxy.port)"]
            return try #require(
                await #expect(throws: FederationFailure.self) {
                    try await fetch("https://partner.test", environment, limits: limits)
                })
        }
    }
}
