// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityTesting
import Logging
import SPIFFE
import Synchronization

/// A running bundle endpoint whose bundle and SVID can be changed.
final class EndpointFixture: Sendable {
    struct BundleUnavailable: Error {}

    let folder: TemporaryFolder
    let ca: TestCA
    let bundle: Mutex<SPIFFEBundle?>
    let credential: Mutex<X509Credential?>

    init() throws {
        folder = try TemporaryFolder()
        ca = try TestCA("alpha.test")
        var bundle = try SPIFFEBundle.fixture(of: ca.trustDomain, sequence: 3)
        bundle.x509Authorities = [try X509Authority(ca.root)]
        self.bundle = Mutex(bundle)
        credential = Mutex(try ca.leaf("/spire/server").credential())
    }

    /// Serves by https_spiffe, or with the given certificate, while the body runs.
    func serve(
        with certificate: (any EndpointCertificate)? = nil, limits: EndpointLimits = EndpointLimits(),
        address: String = "127.0.0.1", _ body: (_ port: Int) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let endpoint = BundleEndpoint(
            address: address, port: 0, refreshHint: 300, limits: limits,
            certificate: certificate ?? SVIDCertificate { [self] in credential.withLock { $0 } },
            bundle: { [self] in
                guard let bundle = bundle.withLock({ $0 }) else { throw BundleUnavailable() }
                return bundle
            },
            onServing: { continuation.yield($0) }, logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await endpoint.run()
            }
            for await port in ports {
                try await body(port)
                break
            }
            group.cancelAll()
        }
    }
}
