// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityTesting
import Crypto
import Foundation
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing
import X509

@testable import ComityStorage

/// What a plan takes of a SPIRE server, and what it says of the rest.
@Suite struct AdoptionPlanTests {
    private let keys: [SigningKey]
    private let authorities: [TestCA]
    private let trustDomain: TrustDomain
    /// A server with an active CA in slot A and a prepared one in slot B.
    private let source: SPIREDatabase

    init() throws {
        trustDomain = try TrustDomain("example.org")
        let keys = try ["x509-CA-A", "x509-CA-B"].map { try SigningKey(generating: .ecP256, id: $0) }
        let authorities = try keys.map { key in try TestCA { $0.key = key.certificateKey } }
        var source = SPIREDatabase(name: "datastore")
        source.bundles = [try Self.bundle(of: authorities)]
        source.journals = [try Self.journal(of: authorities, keys, [.active, .prepared])]
        (self.keys, self.authorities, self.source) = (keys, authorities, source)
    }

    private static func bundle(of authorities: [TestCA]) throws -> SPIREDatabase.Bundle {
        let roots = try authorities.map { Data(try $0.certificate.derBytes) }
        let stored = Spire_Stored_Bundle.with { bundle in
            bundle.trustDomainID = "spiffe://example.org"
            bundle.rootCas = roots.map { root in .with { $0.derBytes = root } }
        }
        return .init(trustDomain: "spiffe://example.org", data: try stored.serializedBytes())
    }

    private static func journal(
        of authorities: [TestCA], _ keys: [SigningKey], _ statuses: [Spire_Stored_Status],
        _ change: (inout Spire_Stored_Journal) -> Void = { _ in }
    ) throws -> SPIREDatabase.Journal {
        let certificates = try authorities.map { Data(try $0.certificate.derBytes) }
        var stored = Spire_Stored_Journal.with { journal in
            journal.x509Cas = zip(zip(certificates, keys), statuses).map { pair, status in
                .with {
                    $0.slotID = String(pair.1.id.suffix(1))
                    $0.certificate = pair.0
                    $0.status = status
                }
            }
        }
        change(&stored)
        return .init(
            activeX509AuthorityID: keys[0].publicKey.keyIdentifier.hex, data: try stored.serializedBytes())
    }

    private func plan(
        keys: [SigningKey]? = nil, journalFile: [UInt8]? = nil,
        _ change: (inout SPIREDatabase) throws -> Void = { _ in }
    ) throws -> AdoptionPlan {
        var source = source
        try change(&source)
        return AdoptionPlan(of: source, keys: keys ?? self.keys, journalFile: journalFile, trustDomain: trustDomain)
    }

    @Test func takesWhatIsWhole() throws {
        let plan = try plan()
        #expect(plan.isWhole)
        #expect(plan.keys.map(\.id) == keys.map(\.id))
        #expect(plan.content.journal.x509.map(\.status) == [.active, .prepared])
        #expect(plan.content.journal.x509.map(\.slot) == [.a, .b])
        #expect(plan.content.journal.id == source.journals[0].activeX509AuthorityID)
    }

    @Test func ofSeveralThatAreCalledActiveTheNewestSigns() throws {
        let plan = try plan { $0.journals = [try Self.journal(of: authorities, keys, [.active, .active])] }
        #expect(plan.isWhole)
        #expect(plan.content.journal.x509.map(\.status) == [.old, .active])
    }

    @Test func readsTheJournalFileWhenTheDatabaseHasNone() throws {
        let pem = """
            -----BEGIN SPIRE CA JOURNAL-----
            \(Data(source.journals[0].data).base64EncodedString(options: .lineLength64Characters))
            -----END SPIRE CA JOURNAL-----

            """
        let plan = try plan(journalFile: Array(pem.utf8)) { $0.journals = [] }
        #expect(plan.isWhole)
        let same = try self.plan()
        #expect(plan.content.journal == same.content.journal)
    }

    @Test func keysThatSignNoSVIDStayBehind() throws {
        let plan = try plan(keys: keys + [try SigningKey(generating: .ecP256, id: "bundle-acme-account")])
        #expect(plan.isWhole)
        #expect(plan.keys.count == 2)
        #expect(plan.leftBehind == ["key \"bundle-acme-account\": not of an X.509 or JWT authority"])
    }

    @Test func aSuccessorWithoutItsKeyIsALoss() throws {
        let plan = try plan(keys: [keys[0]])
        #expect(plan.faults.isEmpty)
        #expect(plan.losses.count == 1)
        #expect(plan.losses.first?.contains("(PREPARED): key \"x509-CA-B\" is not in the key file") == true)
    }

    @Test func whatSignsMustGoOnSigning() throws {
        for (plan, words) in [
            (try plan(keys: [keys[1]]), "no CA journal in the database belongs to the keys"),
            (
                try plan { $0.bundles = [try Self.bundle(of: [authorities[1]])] },
                "(ACTIVE): key \"x509-CA-A\" is not in"
            ),
            (try plan { $0.bundles = [] }, "there is no bundle of example.org, only of none"),
            (try plan { $0.journals = [] }, "no CA journal in the database belongs to the keys"),
            (try plan { $0.journals[0].data = [0xFF] }, "CA journal is not of the form that SPIRE stores"),
            (
                try plan(journalFile: Array("journal".utf8)) { $0.journals = [] },
                "file holds no PEM of type SPIRE CA JOURNAL"
            ),
            (
                try plan { $0.journals = [try Self.journal(of: authorities, keys, [.old, .prepared])] },
                "the CA journal has no active X.509 authority"
            ),
        ] {
            #expect(plan.faults.contains { $0.contains(words) }, "\(plan.faults)")
        }
    }

    struct Loss: Sendable {
        var words: String
        var change: @Sendable (inout SPIREDatabase) -> Void
    }

    private static func entry(_ change: (inout SPIREDatabase.Entry) -> Void) -> SPIREDatabase.Entry {
        var entry = SPIREDatabase.Entry()
        entry.id = "one"
        entry.spiffeID = "spiffe://example.org/web"
        entry.parentID = "spiffe://example.org/node"
        entry.selectors = [.init(type: "unix", value: "uid:1")]
        change(&entry)
        return entry
    }

    @Test(
        "what breaks a rule is told with its reason",
        arguments: [
            Loss(words: "entry one (https://x): ") { $0.entries = [entry { $0.spiffeID = "https://x" }] },
            Loss(words: "missing selector value") {
                $0.entries = [entry { $0.selectors = [.init(type: "unix", value: "")] }]
            },
            Loss(words: "selector list is empty") { $0.entries = [entry { $0.selectors = [] }] },
            Loss(words: "its additional attributes are not known") {
                $0.entries = [entry { $0.additionalAttributes = [0x18, 1] }]
            },
            Loss(words: "agent spiffe://example.org/web: ") {
                $0.nodes = [.init(spiffeID: "spiffe://example.org/web", expiresAt: .now)]
            },
            Loss(words: "the end of its SVID cannot be read") {
                $0.nodes = [.init(spiffeID: "spiffe://example.org/spire/agent/x/1")]
            },
            Loss(words: "bundle endpoint profile \"https_other\" is not known") {
                $0.relationships = [
                    .init(
                        trustDomain: "b.test", bundleEndpointURL: "https://b.test", bundleEndpointProfile: "https_other"
                    )
                ]
            },
            Loss(words: "bundle of spiffe://b.test: ") {
                $0.bundles.append(.init(trustDomain: "spiffe://b.test", data: [0xFF]))
            },
            Loss(words: "future: not known to this version") { $0.unknown = ["future"] },
        ])
    func namesALoss(_ loss: Loss) throws {
        let plan = try plan { loss.change(&$0) }
        #expect(plan.faults.isEmpty)
        #expect(plan.losses.count == 1)
        #expect(plan.losses.first?.contains(loss.words) == true, "\(plan.losses)")
    }
}
