// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// The definitions in `Deploy/Kubernetes/crds`, judged by programs that are not ours.
@Suite struct CustomResourceDefinitionTests {
    /// A rule of a definition.
    struct Rule: Decodable {
        var kind: String
        var path: String
        var rule: String
        var message: String
        var cost: Int
        var unknown: [String]
    }

    private static let folder = PackageFolder.path("Deploy/Kubernetes/crds")

    private static func faults(_ cases: [CustomResourceCase]) async throws -> [[String]] {
        try await PythonClient.answer(
            [[String]].self, "custom_resources.py", folder, "admit",
            input: "[\(cases.map(\.json).joined(separator: ","))]")
    }

    @Test("S44: every object that upstream accepts is accepted, and other spellings and bundles without endpoint too")
    func acceptsWhatUpstreamAccepts() async throws {
        let cases = CustomResourceCase.acceptedUpstream + CustomResourceCase.acceptedHere
        for (object, faults) in zip(cases, try await Self.faults(cases)) {
            #expect(faults.isEmpty, "\(object.kind): \(object.name)")
        }
    }

    @Test("S2: what makes no sense is refused without a webhook, with the field, what is allowed and what to do")
    func refusesWhatUpstreamRefuses() async throws {
        for (object, faults) in zip(CustomResourceCase.refused, try await Self.faults(CustomResourceCase.refused)) {
            #expect(faults.count == object.refusals.count, "\(object.kind): \(object.name): \(faults)")
            for (fault, expected) in zip(faults, object.refusals) {
                #expect(fault.contains(expected), "\(object.kind): \(object.name)")
            }
        }
    }

    /// An API server refuses a definition with a rule of an estimated cost over 10 million, or 100 million together.
    @Test func rulesAreBoundedAndNameOnlyFieldsThatAreThere() async throws {
        let rules = try await PythonClient.answer([Rule].self, "custom_resources.py", Self.folder, "rules")
        #expect(Set(rules.map(\.kind)).count == 3)
        for rule in rules {
            #expect(rule.cost < 5_000_000, "\(rule.kind)\(rule.path): \(rule.rule)")
            #expect(rule.unknown.isEmpty, "\(rule.kind)\(rule.path): \(rule.rule)")
            #expect(!rule.message.contains("\n") && rule.message.utf8.count < 2048, "\(rule.message)")
        }
        for (kind, rules) in Dictionary(grouping: rules, by: \.kind) {
            #expect(rules.map(\.cost).reduce(0, +) < 50_000_000, "\(kind)")
        }
    }
}
