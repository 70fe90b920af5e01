// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import ComityTelemetry
import ComityTesting
import Foundation
import SPIFFE
import Testing

@testable import ComityController

@Suite struct ManifestDeclarationsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let entry = """
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ClusterStaticEntry
        metadata: {name: NAME}
        spec:
          spiffeID: spiffe://example.org/NAME
          parentID: spiffe://example.org/agent
          selectors: ["unix:uid:1"]
        """
    private static let federated = """
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ClusterFederatedTrustDomain
        metadata: {name: NAME}
        spec:
          trustDomain: NAME.test
          bundleEndpointURL: https://NAME.test
          bundleEndpointProfile: {type: https_web}
        """

    private func write(_ name: String, _ text: String, _ object: String = "") throws {
        try text.replacing("NAME", with: object).write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    }

    private func declarations(
        _ rule: ClassRule = ClassRule(), environment: [String: String]? = nil
    ) throws -> ManifestDeclarations {
        ManifestDeclarations(
            folder: ManifestFolder(path: folder.path, environment: environment), classRule: rule,
            trustDomain: try TrustDomain("example.org"))
    }

    private func declare(_ declarations: ManifestDeclarations) -> (paths: [String], EntryReading) {
        var declarations = declarations
        var ledger = EntryLedger(EntryPlanner(clusterName: "demo"))
        let reading = declarations.declare(in: &ledger)
        return (ledger.plan(.init()).creates.map(\.entry.spiffeID.path).sorted(), reading)
    }

    @Test("reads the files that end in .yaml directly in the folder, several documents and both kinds")
    func readsTheFolder() async throws {
        try write("a.yaml", Self.entry + "\n---\n" + Self.federated, "a")
        try write("b.yaml", Self.entry, "b")
        try write("c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n")
        try write("notes.txt", "not: [yaml")
        try FileManager.default.createDirectory(atPath: folder.path("sub"), withIntermediateDirectories: false)
        try write("sub/d.yaml", Self.entry, "d")
        let (paths, reading) = declare(try declarations())
        #expect(paths == ["/a", "/b"])
        #expect(reading.hasReadAll)
        #expect(reading.problems.isEmpty)
        #expect(try await declarations().read().resources.map(\.trustDomain.name) == ["a.test"])
    }

    @Test("a file that cannot be read costs only itself, and until it can nothing is deleted")
    func oneBadFileStopsNobody() async throws {
        try write("a.yaml", Self.entry, "a")
        try write("bad.yaml", "kind: [")
        let (paths, reading) = declare(try declarations())
        #expect(paths == ["/a"])
        #expect(!reading.hasReadAll)
        #expect(reading.problems.map { $0.fields[.file] } == ["bad.yaml"])
        #expect(try await !declarations().read().hasReadAll)
    }

    @Test("§1.3: an entry that cannot be rendered is told of, and what it may have declared stays")
    func oneBadEntryStopsNobody() throws {
        try write("a.yaml", Self.entry, "a")
        try write("bad.yaml", Self.entry.replacing("unix:uid:1", with: "unix"), "bad")
        let (paths, reading) = declare(try declarations())
        #expect(paths == ["/a"])
        #expect(reading.hasReadAll)
        #expect(reading.keepsOtherEntries)
        #expect(reading.problems.map(\.message) == ["Failed to render ClusterStaticEntry"])
    }

    @Test("§1.14 CFTD http:// URL: the object is told of, and its relationship stays")
    func oneBadRelationshipStopsNobody() async throws {
        try write("a.yaml", Self.federated, "a")
        try write("b.yaml", Self.federated.replacing("https://NAME", with: "http://NAME"), "b")
        let reading = try await declarations().read()
        #expect(reading.resources.map(\.metadata.name) == ["a"])
        #expect(reading.hasReadAll)
        #expect(reading.unreadable.map(\.name) == ["b.test"])
        #expect(reading.items.map(\.name) == ["a", "b"])
    }

    @Test("a relationship whose trust domain cannot be told withholds all deletions")
    func anUnknownTrustDomainMayBeAny() async throws {
        try write("a.yaml", Self.federated.replacing("NAME.test", with: "A B"), "a")
        #expect(try await !declarations().read().hasReadAll)
    }

    @Test func aFileThatEndsInYmlIsNamed() throws {
        try write("a.yml", Self.entry, "a")
        let (paths, reading) = declare(try declarations())
        #expect(paths.isEmpty)
        #expect(reading.problems.map { $0.fields[.file] } == ["a.yml"])
    }

    @Test("§1.5, C11: an object of another class is left, and said to be")
    func otherClassesAreTold() throws {
        try write("a.yaml", Self.entry + "\n  className: other", "a")
        try write("b.yaml", Self.entry, "b")
        let (paths, reading) = declare(try declarations(ClassRule(className: "mine")))
        #expect(paths.isEmpty)
        #expect(reading.problems.count == 2)
        #expect(reading.problems.last?.fields[.reason]?.contains("set spec.className") == true)
        #expect(declare(try declarations(ClassRule(className: "mine", watchesClassless: true))).paths == ["/b"])
    }

    @Test func expandsTheEnvironmentWhenTold() throws {
        try write("a.yaml", Self.entry.replacing("/NAME", with: "/${WHO}"), "a")
        #expect(declare(try declarations(environment: ["WHO": "web"])).paths == ["/web"])
        #expect(declare(try declarations()).paths.isEmpty)
    }

    @Test func aFolderThatIsGoneIsNoEmptyFolder() async throws {
        var declarations = ManifestDeclarations(
            folder: ManifestFolder(path: folder.path("missing"), environment: nil), classRule: ClassRule(),
            trustDomain: try TrustDomain("example.org"))
        var ledger = EntryLedger(EntryPlanner(clusterName: "demo"))
        #expect(!declarations.declare(in: &ledger).hasReadAll)
        #expect(await !declarations.read().hasReadAll)
    }

    @Test func whatIsTakenOutOfTheFolderIsNoLongerDeclared() throws {
        try write("a.yaml", Self.entry, "a")
        var declarations = try declarations()
        var ledger = EntryLedger(EntryPlanner(clusterName: "demo"))
        _ = declarations.declare(in: &ledger)
        try FileManager.default.removeItem(atPath: folder.path("a.yaml"))
        _ = declarations.declare(in: &ledger)
        #expect(ledger.sources.isEmpty)
    }
}
