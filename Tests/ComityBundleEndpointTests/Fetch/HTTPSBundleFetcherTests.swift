// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityRegistry
import ComityTesting
import NIOCore
import SPIFFE
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPSBundleFetcherTests {
    private let ca: TestCA
    private let server: TestSVID

    init() throws {
        ca = try TestCA("beta.test")
        server = try ca.leaf("/spire/server")
    }

    // MARK: - What works

    @Test("FED-12: a bundle by https_spiffe; FED-35: whatever the host name") func fetchesBySPIFFEID() async throws {
        let document = String(decoding: try bundle(sequence: 7, hint: 300).document(), as: UTF8.self)
        try await ScriptedEndpoint.with(server, { _ in [.document(document)] }) { endpoint in
            let fetched = try await fetch(from: endpoint)
            let expected = try bundle(sequence: 7, hint: 300)
            #expect(fetched.bundle == expected)
            let request = try #require(endpoint.requests.first)
            #expect(request.hasPrefix("GET / HTTP/1.1\r\n"))
            #expect(request.contains("Host: 127.0.0.1:\(endpoint.port)\r\n"))
        }
    }

    @Test("FED-12: a bundle by https_web") func fetchesByWebPKI() async throws {
        let web = try WebCA()
        let document = String(decoding: try bundle().document(), as: UTF8.self)
        try await ScriptedEndpoint.with(try web.leaf("localhost"), { _ in [.document(document)] }) { endpoint in
            let relationship = FederationRelationship(
                trustDomain: ca.trustDomain, bundleEndpointURL: "https://localhost:\(endpoint.port)/a/b?c=d",
                profile: .httpsWeb)
            let fetched = try await HTTPSBundleFetcher(webRoots: [try web.root()])
                .fetchBundle(of: relationship, trusting: nil)
            let expected = try bundle()
            #expect(fetched.bundle == expected)
            #expect(endpoint.requests.first?.hasPrefix("GET /a/b?c=d HTTP/1.1\r\n") == true)
        }
    }

    @Test("FED-24: the content type is not looked at") func acceptsOtherContentType() async throws {
        let document = String(decoding: try bundle().document(), as: UTF8.self)
        let answer = ScriptedEndpoint.Step.response("200 OK", headers: ["Content-Type: text/plain"], body: document)
        try await ScriptedEndpoint.with(server, { _ in [answer] }) { endpoint in
            let fetched = try await fetch(from: endpoint)
            let expected = try bundle()
            #expect(fetched.bundle == expected)
        }
    }

    @Test("BUNDLE-14: an unknown use leaves the rest of the document") func skipsUnknownUse() async throws {
        let good = String(decoding: try bundle().document(), as: UTF8.self)
        let document = good.replacing("\"keys\": [", with: "\"keys\": [{\"use\": \"ssh-svid\", \"kty\": \"EC\"},")
        try await ScriptedEndpoint.with(server, { _ in [.document(document)] }) { endpoint in
            let fetched = try await fetch(from: endpoint)
            let expected = try bundle()
            #expect(fetched.bundle == expected)
            #expect(fetched.ignoredEntryCount == 1)
        }
    }

    // MARK: - Redirects

    @Test(
        "FED-28: follows redirects that stay valid, from the configured URL each time",
        arguments: [
            "301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect",
        ])
    func followsRedirect(status: String) async throws {
        let document = String(decoding: try bundle().document(), as: UTF8.self)
        let script: ScriptedEndpoint.Script = { target in
            target == "/" ? [.redirect(to: "/moved", status: status)] : [.document(document)]
        }
        try await ScriptedEndpoint.with(server, script) { endpoint in
            for _ in 0..<2 { _ = try await fetch(from: endpoint) }
            let targets = endpoint.requests.map { $0.split(separator: " ")[1] }
            #expect(targets == ["/", "/moved", "/", "/moved"])
        }
    }

    @Test(
        "D-27: a redirect that leaves https or carries user info is an error",
        arguments: ["http://127.0.0.1:1/", "https://user@127.0.0.1:1/", "ftp://127.0.0.1/", "spiffe://beta.test/x"])
    func refusesRedirect(location: String) async throws {
        try await ScriptedEndpoint.with(server, { _ in [.redirect(to: location)] }) { endpoint in
            let failure = try await failure(from: endpoint)
            #expect(failure.class == .redirect)
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test("D-27: a loop ends after five redirects") func endsRedirectLoop() async throws {
        try await ScriptedEndpoint.with(server, { _ in [.redirect(to: "/again")] }) { endpoint in
            let failure = try await failure(from: endpoint)
            #expect(failure.class == .redirect)
            #expect(failure.message.contains("more than 5 times"))
            #expect(endpoint.requests.count == 6)
        }
    }

    @Test("FED-28: an option turns redirects off") func redirectsCanBeTurnedOff() async throws {
        var limits = FetchLimits()
        limits.maximumRedirects = 0
        try await ScriptedEndpoint.with(server, { _ in [.redirect(to: "/moved")] }) { endpoint in
            let failure = try await failure(from: endpoint, limits: limits)
            #expect(failure.class == .redirect)
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test("FED-34: the target of a redirect has to be the same ID; FED-38: by the same bundle")
    func redirectTargetIsVerified() async throws {
        let document = String(decoding: try bundle().document(), as: UTF8.self)
        try await ScriptedEndpoint.with(try ca.leaf("/other"), { _ in [.document(document)] }) { target in
            let url = target.url
            try await ScriptedEndpoint.with(server, { _ in [.redirect(to: url)] }) { endpoint in
                let failure = try await failure(from: endpoint)
                #expect(failure.class == .tlsIdentity)
                #expect(failure.message.contains("unexpected ID \"spiffe://beta.test/other\""))
                #expect(target.requests.isEmpty)
            }
        }
    }

    // MARK: - Endpoints that misbehave

    @Test func deadlineEndsSilenceInTheHandshake() async throws {
        try await ScriptedEndpoint.withSilence { endpoint in
            let failure = try await failure(from: endpoint, limits: .short)
            #expect(failure.class == .timeout)
        }
    }

    @Test(
        "a deadline for the whole answer, however it stalls",
        arguments: [
            [.hang],
            [.send("HTTP/1.1 200 OK\r\n"), .hang],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), .hang],
            [.send("HTTP/1.1 200 OK\r\nX: "), .drip("x", every: .milliseconds(10))],
            [.send("HTTP/1.1 200 OK\r\n\r\n"), .drip(" ", every: .milliseconds(10))],
            [.drip("HTTP/1.1 100 Continue\r\n\r\n", every: .milliseconds(10))],
            [.send("HTTP/1.1 500 Oops\r\n\r\n"), .drip("x", every: .milliseconds(10))],
        ] as [[ScriptedEndpoint.Step]])
    func deadlineEndsStalledAnswer(steps: [ScriptedEndpoint.Step]) async throws {
        try await ScriptedEndpoint.with(server, { _ in steps }) { endpoint in
            let failure = try await failure(from: endpoint, limits: .short)
            #expect(failure.class == .timeout)
        }
    }

    @Test func deadlineCountsRedirectsIn() async throws {
        var limits = FetchLimits.short
        limits.maximumRedirects = 1_000_000
        try await ScriptedEndpoint.with(server, { _ in [.redirect(to: "/again")] }) { endpoint in
            let failure = try await failure(from: endpoint, limits: limits)
            #expect(failure.class == .timeout)
        }
    }

    @Test func cancellationEndsAFetchAtOnce() async throws {
        try await ScriptedEndpoint.with(server, { _ in [.hang] }) { endpoint in
            let fetcher = HTTPSBundleFetcher(limits: .patient)
            let relationship = try relationship(endpoint.url)
            let trusted = try ca.bundle
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try await fetcher.fetchBundle(of: relationship, trusting: trusted)
                }
                while endpoint.requests.isEmpty { await Task.yield() }
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
    }

    @Test(
        "answers over the size cap are given up, announced or not", arguments: ["announced", "until closed", "chunked"])
    func refusesLargeAnswer(_ kind: String) async throws {
        let head =
            switch kind {
            case "announced": "Content-Length: 5242880"
            case "chunked": "Transfer-Encoding: chunked"
            default: "Connection: close"
            }
        let start = ScriptedEndpoint.Step.send(
            "HTTP/1.1 200 OK\r\n\(head)\r\n\r\n\(kind == "chunked" ? "500000\r\n" : "")")
        let body = Array(repeating: UInt8(ascii: " "), count: 5 << 20)
        let script = kind == "announced" ? [start, .hang] : [start, .sendBytes(body), .hang]
        try await ScriptedEndpoint.with(server, { _ in script }) { endpoint in
            let failure = try await failure(from: endpoint, limits: .patient)
            #expect(failure.class == .tooLarge)
        }
    }

    @Test func sizeCapIsConfigurable() async throws {
        var limits = FetchLimits()
        limits.maximumDocumentBytes = 10
        try await ScriptedEndpoint.with(server, { _ in [.document("{\"keys\":[]}")] }) { endpoint in
            let failure = try await failure(from: endpoint, limits: limits)
            #expect(failure.class == .tooLarge)
            limits.maximumDocumentBytes = 11
            _ = try await fetch(from: endpoint, limits: limits)
        }
    }

    @Test(
        "D-27: only status 200 counts",
        arguments: [
            "201 Created", "204 No Content", "206 Partial Content", "304 Not Modified", "404 Not Found", "500 Oops",
        ])
    func refusesOtherStatus(status: String) async throws {
        let code = try #require(status.split(separator: " ").first)
        let hasBody = code != "204" && code != "304"
        let answer = ScriptedEndpoint.Step.response(status, body: hasBody ? "{\"keys\":[]}" : "")
        try await ScriptedEndpoint.with(server, { _ in [answer] }) { endpoint in
            let failure = try await failure(from: endpoint)
            #expect(failure.class == .httpStatus)
            #expect(failure.message.contains("unexpected status \(code) fetching bundle:"))
        }
    }

    @Test func errorBodyIsCutAndCleaned() async throws {
        let body = "first\nsecond\u{1B}[31m\u{202E}" + String(repeating: "x", count: 3000)
        try await ScriptedEndpoint.with(server, { _ in [.response("500 Oops", body: body)] }) { endpoint in
            let message = try await failure(from: endpoint).message
            let prefix =
                "failed to fetch federated bundle from endpoint: unexpected status 500 fetching bundle: first second"
            #expect(message.hasPrefix(prefix))
            #expect(message.utf8.count < 1200)
            #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        }
    }

    @Test(
        "D-21: what is no bundle document is refused",
        arguments: [
            "", "garbage", "[]", "{\"keys\":", "{}", "{\"keys\":null}",
            "{\"keys\":[],\"spiffe_sequence\":\"7\"}", "{\"keys\":[],\"spiffe_sequence\":-1}",
            "{\"keys\":[],\"spiffe_sequence\":1.5}", "{\"keys\":[],\"spiffe_refresh_hint\":\"300\"}",
            "<html>login</html>",
        ])
    func refusesGarbage(body: String) async throws {
        try await ScriptedEndpoint.with(server, { _ in [.document(body)] }) { endpoint in
            let failure = try await failure(from: endpoint)
            #expect(failure.class == .document)
        }
    }

    @Test(
        "an answer that breaks off is refused",
        arguments: [
            [.close], [.send("HTTP/1.1 200 OK\r\n"), .close],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"keys\":[]}"), .close],
            [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"keys\":[]}\r\n"), .close],
            [.send("not http at all\r\n\r\n"), .hang],
        ] as [[ScriptedEndpoint.Step]])
    func refusesBrokenAnswer(steps: [ScriptedEndpoint.Step]) async throws {
        try await ScriptedEndpoint.with(server, { _ in steps }) { endpoint in
            let failure = try await failure(from: endpoint)
            #expect(failure.class == .connect)
        }
    }

    // MARK: - Helpers

    private func bundle(sequence: UInt64? = nil, hint: Int64? = nil) throws -> SPIFFEBundle {
        var bundle = try SPIFFEBundle.fixture(of: ca.trustDomain, sequence: sequence, hint: hint)
        bundle.x509Authorities = [try X509Authority(ca.root)]
        return bundle
    }

    private func relationship(_ url: String) throws -> FederationRelationship {
        FederationRelationship(
            trustDomain: ca.trustDomain, bundleEndpointURL: url,
            profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://beta.test/spire/server")))
    }

    private func fetch(
        from endpoint: ScriptedEndpoint, limits: FetchLimits = FetchLimits()
    ) async throws -> BundleDocument {
        try await HTTPSBundleFetcher(limits: limits)
            .fetchBundle(of: try relationship(endpoint.url), trusting: try ca.bundle)
    }

    private func failure(
        from endpoint: ScriptedEndpoint, limits: FetchLimits = FetchLimits()
    ) async throws -> FederationFailure {
        try #require(await #expect(throws: FederationFailure.self) { try await fetch(from: endpoint, limits: limits) })
    }
}

extension FetchLimits {
    /// For endpoints that would never end.
    fileprivate static var short: FetchLimits {
        var limits = FetchLimits()
        limits.deadline = .milliseconds(300)
        return limits
    }

    fileprivate static var patient: FetchLimits {
        var limits = FetchLimits()
        limits.deadline = .seconds(3600)
        return limits
    }
}
