// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@testable import ComityResources

/// Keeps the definitions and the types that read and write the objects together.
@Suite struct CustomResourceFieldTests {
    @Test("a field that one of them has, the other has too", arguments: CustomResourceExample.all)
    func definitionAndTypesHaveTheSameFields(example: CustomResourceExample) throws {
        let schema = try CustomResourceSchema(example.plural)
        var used: Set<String> = []
        for value in example.specifications { used.formUnion(CustomResourceSchema.paths(of: value, at: "spec")) }
        let labels: Set = ["spec.namespaceSelector.matchLabels.app", "spec.podSelector.matchLabels.app"]
        #expect(used.subtracting(labels) == schema.paths(in: "spec"))
        let known = [
            "clusterfederatedtrustdomains": FederatedTrustDomainFields.names, "clusterspiffeids": ClusterSPIFFEID.names,
            "clusterstaticentries": ClusterStaticEntry.names,
        ]
        #expect(known[example.plural] == schema.names(in: "spec"))
    }

    @Test("every field of the definition is read: of a wrong type, it is refused", arguments: CustomResourceExample.all)
    func everyFieldIsRead(example: CustomResourceExample) throws {
        for specification in example.specifications {
            try example.read(example.object(specification))
            for (path, spoiled) in CustomResourceExample.spoiled(specification) {
                #expect(throws: ResourceError.self, "\(path)") { try example.read(example.object(spoiled)) }
            }
        }
    }

    // MARK: - Status

    private static func written(_ update: StatusUpdate?) throws -> Set<String> {
        CustomResourceSchema.paths(of: try #require(update?.patch["status"]), at: "status")
    }

    private static let object: JSONValue = ["metadata": ["name": "a", "generation": 1]]

    @Test("the status of a partner is what the definition has") func partnersStatusIsDefined() throws {
        let two = try TrustDomain("b.test")
        let bundle = try TestCA("b.test").bundle
        let text = String(decoding: bundle.document(), as: UTF8.self)
        let json = CustomResourceExample.partners.object([
            "trustDomain": "b.test", "bundleEndpointUrl": "https://b.test", "trustDomainBundle": .string(text),
            "bundleEndpointProfile": ["type": "https_web"],
        ])
        var facts = FederatedTrustDomainFacts(.inForce, resource: try ClusterFederatedTrustDomain(json: json))
        var stored = bundle
        (stored.sequenceNumber, stored.refreshHint) = (3, 300)
        facts.bundle = stored
        var polling = FederationStatus(trustDomain: two)
        (polling.lastSuccess, polling.lastAttempt, polling.nextAttempt) = (TestTime.now, TestTime.now, TestTime.now)
        polling.lastChange = TestTime.now
        polling.lastFailure = FederationFailure(.dns, "no such host")
        facts.polling = polling
        let written = try Self.written(FederatedTrustDomainStatus(facts, at: TestTime.now).update(of: Self.object))
        #expect(written == (try CustomResourceSchema("clusterfederatedtrustdomains").paths(in: "status")))
    }

    @Test("the status of a template is what the definition has") func podsStatusIsDefined() throws {
        var facts = ClusterSPIFFEIDFacts(.inForce)
        facts.selection.firstFailures = [.init(pod: "a/b", reason: "c")]
        facts.warnings = ["odd"]
        let written = try Self.written(ClusterSPIFFEIDStatus(facts, at: TestTime.now).update(of: Self.object))
        #expect(written == (try CustomResourceSchema("clusterspiffeids").paths(in: "status")))
    }

    @Test("the status of an entry is what the definition has") func entriesStatusIsDefined() throws {
        let status = ClusterStaticEntryStatus(.set, warnings: ["odd"], at: TestTime.now)
        let written = try Self.written(status.update(of: Self.object))
        #expect(written == (try CustomResourceSchema("clusterstaticentries").paths(in: "status")))
    }
}
