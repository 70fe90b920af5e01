// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityTesting
import Foundation
import NIOSSL
import SPIFFE
import Testing
import X509

@Suite(.timeLimit(.minutes(1))) struct TrustBundleLoaderTests {
    private let folder: TemporaryFolder
    private let ca: TestCA

    init() throws {
        folder = try TemporaryFolder()
        ca = try TestCA("alpha.test")
    }

    @Test(arguments: [BundleFormat.pem, .spiffe])
    func readsFile(format: BundleFormat) async throws {
        let text = format == .pem ? Array(try ca.bundle.pem.utf8) : try ca.bundle.document()
        try Data(text).write(to: URL(filePath: folder.path("bundle")))

        let bundle = try await loader(.file(path: folder.path("bundle"), format)).load()

        #expect(bundle?.x509Authorities == (try ca.bundle.x509Authorities))
    }

    @Test(arguments: [
        (BundleFormat.pem, ""), (.pem, "{}"), (.spiffe, ""), (.spiffe, #"{"keys":[]}"#), (.spiffe, "x"),
        (.pem, "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"),
    ])
    func refusesFileWithoutUsableBundle(format: BundleFormat, text: String) async throws {
        try Data(text.utf8).write(to: URL(filePath: folder.path("bundle")))

        await #expect(throws: AgentError(.bootstrap, "")) {
            try await loader(.file(path: folder.path("bundle"), format)).load()
        }
    }

    @Test func refusesMissingFile() async throws {
        await #expect(throws: AgentError(.bootstrap, "")) {
            try await loader(.file(path: folder.path("none"), .pem)).load()
        }
    }

    @Test func insecureHasNoBundle() async throws {
        #expect(try await loader(.insecure).load() == nil)
    }

    @Test func fetchesURL() async throws {
        let document = try ca.bundle.pem
        try await withEndpoint({ _ in [.document(document)] }) { url, roots in
            let bundle = try await loader(.url(url, .pem), roots).load()
            #expect(bundle?.x509Authorities == (try ca.bundle.x509Authorities))
        }
    }

    @Test(
        "anything but a bundle of bounded size with status 200 from the very place is refused",
        arguments: ["404", "redirect", "huge", "close", "html"])
    func refusesURL(fault: String) async throws {
        let document = try ca.bundle.pem
        let script: ScriptedEndpoint.Script = { target in
            guard target == "/bundle" else { return [.document(document)] }
            return switch fault {
            case "404": [.response("404 Not Found", body: document)]
            case "redirect": [.redirect(to: "/elsewhere")]
            case "huge":
                [.document(document + String(repeating: " ", count: SPIFFEBundle.maximumDocumentSize))]
            case "html": [.document("<html>")]
            default: [.close]
            }
        }
        try await withEndpoint(script) { url, roots in
            await #expect(throws: AgentError(.bootstrap, "")) { try await loader(.url(url, .pem), roots).load() }
        }
    }

    @Test func refusesURLWhoseServerIsNotBelieved() async throws {
        let document = try ca.bundle.pem
        try await withEndpoint({ _ in [.document(document)] }) { url, _ in
            await #expect(throws: AgentError(.bootstrap, "")) { try await loader(.url(url, .pem)).load() }
        }
    }

    @Test func refusesPlainHTTP() async throws {
        await #expect(throws: AgentError(.bootstrap, "")) {
            try await loader(.url("http://127.0.0.1/bundle", .pem)).load()
        }
    }

    @Test func asksOverASocketAndTellsWhy() async throws {
        let document = try ca.bundle.pem
        let socket = folder.path("s")
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        let attempt = BootstrapAttempt(
            isRepeated: true, number: 3, startedAt: start, serverAddress: "a.test", serverPort: 8081)
        try await ScriptedEndpoint.with(socket: socket, { _ in [.document(document)] }) { endpoint in
            for (url, target) in [("http://x/b?zone=1", "/b?zone=1&"), ("http://x", "/?"), ("http://x?a", "/?a&")] {
                let source = TrustBundleSource.unixSocket(path: socket, url: url, .pem)
                let bundle = try await loader(source).load(attempt)
                #expect(bundle?.x509Authorities == (try ca.bundle.x509Authorities))
                let line = endpoint.requests.last?.split(separator: "\r\n").first
                #expect(
                    line.map(String.init) == "GET \(target)spire-attest-mode=rebootstrap&spire-connection-attempts=3"
                        + "&spire-attest-start-time=2023-11-14T22%3A13%3A20Z&spire-server-address=a.test"
                        + "&spire-server-port=8081&spiffe-trust-domain=alpha.test HTTP/1.1")
            }
        }
    }

    @Test func asksTheWorkloadAPIOfAnotherAgent() async throws {
        let nobody = TrustBundleSource.workloadAPI(address: "unix://\(folder.path("nobody"))")
        await #expect(throws: AgentError(.bootstrap, "")) { try await loader(nobody).load() }
    }

    private func loader(_ source: TrustBundleSource, _ roots: NIOSSLTrustRoots = .default) -> TrustBundleLoader {
        TrustBundleLoader(source: source, trustDomain: ca.trustDomain, trustRoots: roots)
    }

    private func withEndpoint(
        _ script: @escaping ScriptedEndpoint.Script, _ body: (String, NIOSSLTrustRoots) async throws -> Void
    ) async throws {
        let web = try TestCA("web.test")
        let identity = try web.leaf { $0.names = [.dnsName("localhost")] }
        let root = try NIOSSLCertificate(bytes: try web.root.derBytes, format: .der)
        try await ScriptedEndpoint.with(identity, script) { endpoint in
            try await body("https://localhost:\(endpoint.port)/bundle", .certificates([root]))
        }
    }
}
