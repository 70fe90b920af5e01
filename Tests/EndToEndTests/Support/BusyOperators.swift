// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import Foundation
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf
import Synchronization

/// People who change a server's authorities, entries and bundles without a pause, until it answers no more.
struct BusyOperators: Sendable {
    typealias Connection = GRPCClient<GRPCConnection>

    let facts: KnownFacts
    let csr: Data
    /// Two of each partner, to change between.
    let roots: [String: [Data]]
    private let count = Counter()

    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    private var next: Int { count.value.add(1, ordering: .relaxed).newValue }

    func work(_ connection: Connection) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await rotate(connection) }
            group.addTask { try? await register(connection) }
            group.addTask { try? await federate(connection) }
        }
    }

    // MARK: - Authorities

    private func rotate(_ connection: Connection) async throws {
        while true {
            try await rotateX509(connection)
            try await rotateJWT(connection)
        }
    }

    private func rotateX509(_ connection: Connection) async throws {
        let authorities = Spire_Api_Server_Localauthority_V1_LocalAuthority.Client(wrapping: connection)
        ask(.x509)
        let id = try await authorities.prepareX509Authority(.init()).preparedAuthority.authorityID
        know(.x509, id, "PREPARED")
        ask(.x509)
        _ = try await authorities.activateX509Authority(.with { $0.authorityID = id })
        know(.x509, id, "ACTIVE")
        let minted = try await Spire_Api_Server_Svid_V1_SVID.Client(wrapping: connection)
            .mintX509SVID(.with { $0.csr = csr })
        facts.update { $0.svids += minted.svid.certChain.prefix(1) }
    }

    private func rotateJWT(_ connection: Connection) async throws {
        let authorities = Spire_Api_Server_Localauthority_V1_LocalAuthority.Client(wrapping: connection)
        ask(.jwt)
        let id = try await authorities.prepareJWTAuthority(.init()).preparedAuthority.authorityID
        know(.jwt, id, "PREPARED")
        ask(.jwt)
        _ = try await authorities.activateJWTAuthority(.with { $0.authorityID = id })
        know(.jwt, id, "ACTIVE")
        let minted = try await Spire_Api_Server_Svid_V1_SVID.Client(wrapping: connection).mintJWTSVID(
            .with {
                $0.id.trustDomain = "one.test"
                $0.id.path = "/minted"
                $0.audience = ["all"]
            })
        facts.update { $0.tokens.append(minted.svid.token) }
    }

    private func ask(_ kind: KnownFacts.Kind) {
        facts.update { $0.authorities[kind] = nil }
    }

    private func know(_ kind: KnownFacts.Kind, _ id: String, _ status: String) {
        facts.update { $0.authorities[kind] = KnownFacts.Authority(id: id, status: status) }
    }

    // MARK: - Registry

    private func register(_ connection: Connection) async throws {
        let entries = Spire_Api_Server_Entry_V1_Entry.Client(wrapping: connection)
        while true {
            let number = next
            let created = try await entries.batchCreateEntry(
                .with { $0.entries = [.with { $0.fill(number) }] })
            facts.update { facts in facts.entries.formUnion(created.results.map(\.entry.id)) }
            guard number % 3 == 0 else { continue }
            guard let oldest = facts.update({ $0.entries.popFirst() }) else { continue }
            let deleted = try await entries.batchDeleteEntry(.with { $0.ids = [oldest] })
            if deleted.results.first?.status.code == 0 { facts.update { _ = $0.deleted.insert(oldest) } }
        }
    }

    private func federate(_ connection: Connection) async throws {
        let bundles = Spire_Api_Server_Bundle_V1_Bundle.Client(wrapping: connection)
        while true {
            let number = next
            guard let (domain, choice) = roots.randomElement() else { return }
            let root = choice[number % choice.count]
            facts.update { $0.bundles[domain] = nil }
            let answer = try await bundles.batchSetFederatedBundle(
                .with {
                    $0.bundle = [
                        .with {
                            $0.trustDomain = domain
                            $0.x509Authorities = [.with { $0.asn1 = root }]
                        }
                    ]
                })
            if answer.results.first?.status.code == 0 { facts.update { $0.bundles[domain] = root } }
        }
    }
}

extension Spire_Api_Types_Entry {
    fileprivate mutating func fill(_ number: Int) {
        spiffeID = .with {
            $0.trustDomain = "one.test"
            $0.path = "/workload/\(number)"
        }
        parentID = .with {
            $0.trustDomain = "one.test"
            $0.path = "/node"
        }
        selectors = [
            .with {
                $0.type = "unix"
                $0.value = "uid:\(number)"
            }
        ]
    }
}
