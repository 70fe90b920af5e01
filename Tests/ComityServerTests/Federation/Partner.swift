// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityRegistry
import ComityTesting
import Logging
import SPIFFE
import Synchronization

/// `beta.test` as far as its partners see it: a bundle endpoint whose bundle and certificate change.
final class Partner: Sendable {
    let firstCA: TestCA
    let secondCA: TestCA
    private let state: Mutex<(bundle: SPIFFEBundle, credential: X509Credential)>

    init() throws {
        firstCA = try TestCA("beta.test", commonName: "First Root")
        secondCA = try TestCA("beta.test", commonName: "Second Root")
        var bundle = try firstCA.bundle
        bundle.sequenceNumber = 1
        state = Mutex((bundle, try firstCA.leaf("/spire/server").credential()))
    }

    func relationship(_ url: String) throws -> FederationRelationship {
        FederationRelationship(
            trustDomain: firstCA.trustDomain, bundleEndpointURL: url,
            profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://beta.test/spire/server")))
    }

    /// Serves with another certificate from then on.
    func present(_ svid: TestSVID) throws {
        let credential = try svid.credential()
        state.withLock { $0.credential = credential }
    }

    func publish(_ authorities: [X509Authority], sequence: UInt64) {
        state.withLock { state in
            state.bundle.x509Authorities = authorities
            state.bundle.sequenceNumber = sequence
        }
    }

    /// Publishes the second root beside the first one.
    func prepareSecondRoot() throws {
        publish([try X509Authority(firstCA.root), try X509Authority(secondCA.root)], sequence: 2)
    }

    /// Signs with the second root and takes the first one out.
    func activateSecondRoot() throws {
        try present(try secondCA.leaf("/spire/server"))
        publish([try X509Authority(secondCA.root)], sequence: 3)
    }

    /// Serves while the body runs, each time at another port.
    func serve<Result: Sendable>(_ body: (_ url: String) async throws -> Result) async throws -> Result {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let endpoint = BundleEndpoint(
            address: "127.0.0.1", port: 0, refreshHint: 300,
            certificate: SVIDCertificate { [self] in state.withLock { $0.credential } },
            bundle: { [self] in state.withLock { $0.bundle } },
            onServing: { continuation.yield($0) }, logger: Logger(label: "partner"))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await endpoint.run() }
            defer { group.cancelAll() }
            var iterator = ports.makeAsyncIterator()
            return try await body("https://127.0.0.1:\(await iterator.next() ?? 0)")
        }
    }
}
