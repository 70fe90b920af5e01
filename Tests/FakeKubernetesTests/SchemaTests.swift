// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Testing

/// What a definition's schema does to objects, seen by `kubectl`.
@Suite(.timeLimit(.minutes(2)))
struct SchemaTests {
    @Test func refusesWhatTheSchemaDoesNotAllow() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            let cases = [
                ("code: ab", "spec.size: Required value"),
                ("size: 11", "spec.size in body should be less than or equal to 10"),
                ("size: 0", "spec.size in body should be greater than or equal to 1"),
                ("size: big", "must be of type integer"),
                ("size: 1, mode: odd", #"Unsupported value: "odd": supported values: "plain", "fancy""#),
                ("size: 1, code: AB", "spec.code in body should match '^[a-z]+$'"),
                ("size: 1, code: a", "spec.code in body should be at least 2 chars long"),
                ("size: 1, since: today", "date-time"),
                ("size: 1, port: [1]", "spec.port"),
                ("size: 1, tags: [x, x]", "Duplicate value"),
                ("size: 1, tags: [a, b, c, d]", "must have at most 3 items"),
                ("size: 1, parts: [{name: a}, {name: a}]", "Duplicate value"),
                ("size: 1, parts: [{count: 1}]", "spec.parts[0].name: Required value"),
            ]
            for (specification, message) in cases {
                let result = try await kubernetes.kubectl(
                    "apply", "-n", kubernetes.namespace, "-f", "-", input: widget.manifest("a", specification))
                #expect(result.exitCode != 0, "\(specification)")
                #expect(result.errors.contains(message), "\(specification): \(result.errors)")
            }
        }
    }

    @Test func acceptsWhatTheSchemaAllows() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            let cases = [
                "size: 10, mode: fancy", #"size: 1, since: "2026-01-01T00:00:00Z", port: http"#, "size: 1, port: 80",
                "size: 1, note: null, tags: [x, z]", "size: 1, parts: [{name: a}, {name: b, count: 2}]",
            ]
            for specification in cases { try await widget.apply("a", specification) }
        }
    }

    @Test func unknownFieldIsRefusedWarnedOfOrLeftOut() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            let manifest = widget.manifest("a", "size: 1, colour: red, free: {colour: red}")
            let strict = try await kubernetes.kubectl(
                "apply", "-n", kubernetes.namespace, "-f", "-", input: manifest)
            #expect(strict.errors.contains(#"unknown field "spec.colour""#))
            let warned = try await kubernetes.kubectl(
                "apply", "--validate=warn", "-n", kubernetes.namespace, "-f", "-", input: manifest)
            #expect(warned.errors.contains(#"Warning: unknown field "spec.colour""#))
            #expect(try await widget.field(".spec", of: "a") == #"{"free":{"colour":"red"},"mode":"plain","size":1}"#)
            let ignored = try await kubernetes.kubectl(
                "apply", "--validate=ignore", "-n", kubernetes.namespace, "-f", "-",
                input: widget.manifest("b", "size: 1, colour: red"))
            #expect(ignored.exitCode == 0)
            #expect(!ignored.errors.contains("unknown field"))
        }
    }
}
