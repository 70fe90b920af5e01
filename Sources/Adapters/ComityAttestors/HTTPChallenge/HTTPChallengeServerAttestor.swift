// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
package import ComityAttestation
package import ComityRegistry
import NIOCore
package import SPIFFE

/// Lets a host in that answers under the name that it claims.
package struct HTTPChallengeServerAttestor: ServerNodeAttestor {
    package static let name = "http_challenge"
    private static let timeout: TimeAmount = .seconds(10)
    private static let maximumAnswer = 64

    private let settings: HTTPChallengeServerSettings
    private let trustDomain: TrustDomain
    private let nodes: any NodeStore

    package var name: String { Self.name }

    package init(_ settings: HTTPChallengeServerSettings, trustDomain: TrustDomain, nodes: any NodeStore) {
        self.settings = settings
        self.trustDomain = trustDomain
        self.nodes = nodes
    }

    package func attest(
        _ claim: NodeClaim, challenge: @Sendable ([UInt8]) async throws -> [UInt8]
    ) async throws -> NodeAttestation {
        let location = try HTTPChallengeMessages.location(payload: claim.payload)
        try settings.check(location)
        // As Go pads it.
        let nonce = Base64.url.encode(Nonce().bytes) + "="
        _ = try await challenge(HTTPChallengeMessages.challenge(nonce))
        let answer = try await answer(of: location)
        guard answer == nonce else {
            throw AttestationError(
                .permissionDenied,
                "challenge verification failed: expected nonce \(nonce.quoted) but got \(answer.quoted)")
        }
        let agentID: SPIFFEID
        do throws(SPIFFEError) {
            agentID = try SPIFFEID(trustDomain: trustDomain, path: "/spire/agent/\(name)/\(location.hostName)")
        } catch {
            throw AttestationError(.internalError, "failed to make spiffe id: \(error.message)")
        }
        if settings.trustsOnFirstUse, try await nodes.node(id: agentID) != nil {
            throw AttestationError(
                .permissionDenied, "attestation data has already been used to attest an agent")
        }
        return NodeAttestation(
            agentID: agentID, selectors: [try Selector(type: name, value: "hostname:\(location.hostName)")],
            canReattest: !settings.trustsOnFirstUse)
    }

    /// What the host serves, without surrounding white space.
    private func answer(of location: HTTPChallengeMessages.Location) async throws -> String {
        let path = HTTPChallengeMessages.path(agentName: location.agentName)
        let url = "http://\(location.hostName):\(location.port)\(path)"
        do {
            return try await HTTPClient.scoped { client in
                let response = try await client.execute(HTTPClientRequest(url: url), timeout: Self.timeout)
                let body = try await response.body.collect(upTo: Self.maximumAnswer)
                let text = String(decoding: body.readableBytesView, as: UTF8.self)
                return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
        } catch {
            throw AttestationError(.permissionDenied, "challenge verification failed: \(url): \(error)")
        }
    }
}
