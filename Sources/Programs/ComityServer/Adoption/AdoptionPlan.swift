// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import ComityRegistry
package import ComityStorage
import ComityWire
import FoundationEssentials
package import SPIFFE

/// What of a SPIRE server is taken over, and what is not. Made without touching anything.
package struct AdoptionPlan: Sendable {
    package let trustDomain: TrustDomain
    /// The state that is judged.
    package let source: SPIREDatabase
    package internal(set) var content = RegistryContent()
    /// The keys of the authorities.
    package internal(set) var keys: [SigningKey] = []
    /// Not taken, and nothing that was signed or may be asked for needs it.
    package internal(set) var leftBehind: [String] = []
    /// Cannot be taken, and somebody may miss it.
    package internal(set) var losses: [String] = []
    /// Why nothing can be taken.
    package internal(set) var faults: [String] = []

    /// - Parameters:
    ///   - keys: Of the whole key file.
    ///   - journalFile: `journal.pem`.
    package init(
        of source: SPIREDatabase, keys: [SigningKey], journalFile: [UInt8]? = nil, trustDomain: TrustDomain
    ) {
        self.source = source
        self.trustDomain = trustDomain
        takeBundles()
        takeAuthorities(keys: keys, journalFile: journalFile)
        takeRelationships()
        takeEntries()
        takeNodes()
        content.joinTokens = source.joinTokens.map {
            JoinToken(value: $0.token, expiresAt: Date(timeIntervalSince1970: Double($0.expiry)))
        }
        losses += source.unknown.map { "\($0): not known to this version" }
    }

    /// Whether all that somebody may miss can be taken.
    package var isWhole: Bool { faults.isEmpty && losses.isEmpty }

    // MARK: - Bundles and relationships

    private mutating func takeBundles() {
        for bundle in source.bundles {
            do {
                let stored = try StoredBundle(bytes: bundle.data)
                content.bundles.append(stored.record)
                if stored.holdsMore {
                    leftBehind.append("bundle of \(stored.record.trustDomain): keys that are neither X.509 nor JWT")
                }
            } catch {
                losses.append("bundle of \(bundle.trustDomain): \(error)")
            }
        }
        if !content.bundles.contains(where: { $0.trustDomain == trustDomain }) {
            let found = source.bundles.map(\.trustDomain).joined(separator: ", ")
            faults.append(
                """
                there is no bundle of \(trustDomain), only of \(found.isEmpty ? "none" : found); \
                correct trust_domain of the configuration
                """)
        }
    }

    private mutating func takeRelationships() {
        let policy = RelationshipPolicy(trustDomain: trustDomain)
        for row in source.relationships {
            do {
                let relationship = try FederationRelationship(row)
                try policy.check(relationship)
                try policy.checkIsForeign(relationship)
                content.relationships.append(relationship)
            } catch {
                losses.append("federation relationship with \(row.trustDomain): \(error)")
            }
        }
    }

    // MARK: - Entries and nodes

    private mutating func takeEntries() {
        let policy = EntryPolicy(trustDomain: trustDomain)
        for row in source.entries {
            do {
                let entry = try Entry(row)
                try policy.check(entry)
                try EntryPolicy.checkStorable(entry)
                content.entries.append(entry)
            } catch {
                losses.append("entry \(row.id) (\(row.spiffeID)): \(error)")
            }
        }
    }

    private mutating func takeNodes() {
        for row in source.nodes {
            do {
                let node = try AttestedNode(row)
                try node.id.requireAgent(in: trustDomain)
                content.nodes.append(node)
            } catch {
                losses.append("agent \(row.spiffeID): \(error)")
            }
        }
    }
}
