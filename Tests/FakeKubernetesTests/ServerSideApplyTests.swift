// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Testing

/// Who owns which field, seen by `kubectl apply --server-side`.
@Suite(.timeLimit(.minutes(2)))
struct ServerSideApplyTests {
    @Test func secondManagerOfAFieldConflictsUnlessItForces() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await apply(widget, "size: 1, code: ab", by: "first").check()
            let refused = try await apply(widget, "size: 2", by: "second")
            #expect(refused.exitCode != 0)
            #expect(refused.errors.contains("conflict with \"first\""))
            #expect(refused.errors.contains(".spec.size"))
            #expect(try await widget.field(".spec.size", of: "a") == "1")
            try await apply(widget, "size: 2", by: "second", "--force-conflicts").check()
            #expect(try await widget.field(".spec.size", of: "a") == "2")
            // The first has lost it, and conflicts in its turn.
            let lost = try await apply(widget, "size: 1, code: ab", by: "first")
            #expect(lost.errors.contains("conflict with \"second\""))
        }
    }

    @Test func fieldGoesWithTheManagerThatDropsIt() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await apply(widget, "size: 1, code: ab, tags: [x], parts: [{name: a}]", by: "first").check()
            try await apply(widget, "size: 1, tags: [z], parts: [{name: b, count: 2}]", by: "second").check()
            #expect(try await widget.field(".spec.tags", of: "a") == #"["x","z"]"#)
            #expect(try await widget.field(".spec.parts[*].name", of: "a") == "a b")
            try await apply(widget, "size: 1", by: "first").check()
            let rest = try await widget.field(".spec", of: "a")
            #expect(rest == #"{"mode":"plain","parts":[{"count":2,"name":"b"}],"size":1,"tags":["z"]}"#)
        }
    }

    @Test func sameValueIsSharedWithoutConflict() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await apply(widget, "size: 1, code: ab", by: "first").check()
            try await apply(widget, "size: 1, code: ab", by: "second").check()
            try await apply(widget, "size: 1", by: "first").check()
            // The second holds it still.
            #expect(try await widget.field(".spec.code", of: "a") == "ab")
        }
    }

    @Test func applyingTheSameAgainChangesNothing() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await apply(widget, "size: 1", by: "first").check()
            let version = try await widget.field(".metadata.resourceVersion", of: "a")
            try await apply(widget, "size: 1", by: "first").check()
            #expect(try await widget.field(".metadata.resourceVersion", of: "a") == version)
        }
    }

    private func apply(
        _ widget: Widget, _ specification: String, by manager: String, _ more: String...
    ) async throws -> ToolCommand.Result {
        try await widget.kubernetes.kubectl(
            ["apply", "--server-side", "--field-manager", manager, "-n", widget.kubernetes.namespace, "-f", "-"] + more,
            input: widget.manifest("a", specification))
    }
}
