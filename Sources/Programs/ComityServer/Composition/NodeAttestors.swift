// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityKubernetes
import ComityRegistry
import SPIFFE

/// The ways in which nodes may prove themselves to one server.
struct NodeAttestors {
    let settings: ServerSettings
    let store: any RegistryStore
    let kubernetes: KubernetesConnections
    let time: ServerTime

    /// - Throws: ``AttestationError`` when a file that the settings name cannot be used.
    var all: [any ServerNodeAttestor] {
        get throws {
            // As in SPIRE whether it is configured or not.
            let joinToken = JoinTokenServerAttestor(trustDomain: settings.trustDomain, store: store, now: time.now)
            return try [joinToken] + settings.nodeAttestors.compactMap { try attestor($0) }
        }
    }

    private func attestor(_ attestor: ServerNodeAttestorSettings) throws -> (any ServerNodeAttestor)? {
        let trustDomain = settings.trustDomain
        return switch attestor {
        case .joinToken: nil
        case .x509pop(let rules):
            try X509PopServerAttestor(
                rules, trustDomain: trustDomain, ownAuthorities: ownAuthorities, now: time.now)
        case .sshpop(let rules): try SSHPopServerAttestor(rules, trustDomain: trustDomain, now: time.now)
        case .httpChallenge(let rules):
            HTTPChallengeServerAttestor(rules, trustDomain: trustDomain, nodes: store)
        case .kubernetesToken(let rules):
            PSATServerAttestor(rules, trustDomain: trustDomain) { [kubernetes] path throws(KubernetesError) in
                try kubernetes.client(kubeconfigPath: path)
            }
        }
    }

    private var ownAuthorities: @Sendable () async throws -> [X509Authority] {
        { [store, trustDomain = settings.trustDomain] in
            try await store.bundle(of: trustDomain)?.bundle.x509Authorities ?? []
        }
    }
}
