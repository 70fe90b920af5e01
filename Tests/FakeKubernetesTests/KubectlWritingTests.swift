// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import Testing

/// What `kubectl` changes.
@Suite(.timeLimit(.minutes(2)))
struct KubectlWritingTests {
    @Test func applyCreatesThenChangesWhatDiffers() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            let steps = [
                ("size: 1, code: ab", "created"), ("size: 1, code: ab", "unchanged"), ("size: 2", "configured"),
            ]
            for (specification, outcome) in steps {
                let output = try await widget.run(
                    "apply", "-f", "-", input: widget.manifest("a", specification))
                #expect(output.contains(outcome))
            }
            #expect(try await widget.field(".spec", of: "a") == #"{"mode":"plain","size":2}"#)
            #expect(try await widget.field(".metadata.generation", of: "a") == "2")
        }
    }

    @Test func editorChangesAnObject() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await widget.apply("a", "size: 1")
            let result = try await kubernetes.kubectl(
                ["edit", widget.plural, "a", "-n", kubernetes.namespace],
                environment: ["KUBE_EDITOR": "sed -i s/size:.1/size:\\ 9/"])
            #expect(try result.check().output.contains("edited"))
            #expect(try await widget.field(".spec.size", of: "a") == "9")
        }
    }

    @Test func patchesOfEachKindAreApplied() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await widget.apply("a", "size: 1, tags: [x]")
            let json = #"[{"op":"test","path":"/spec/size","value":1},{"op":"add","path":"/spec/tags/-","value":"z"}]"#
            _ = try await widget.run("patch", widget.plural, "a", "--type=json", "-p", json)
            #expect(try await widget.field(".spec.tags", of: "a") == #"["x","z"]"#)
            _ = try await widget.run(
                "patch", widget.plural, "a", "--type=merge", "-p", #"{"spec":{"tags":null,"code":"abc"}}"#)
            #expect(try await widget.field(".spec", of: "a") == #"{"code":"abc","mode":"plain","size":1}"#)
            let strategic = try await kubernetes.kubectl(
                "patch", widget.plural, "a", "-n", kubernetes.namespace, "--type=strategic", "-p", "{}")
            #expect(strategic.errors.contains("strategic-merge-patch+json is not supported"))
        }
    }

    @Test func strategicPatchMergesListsByName() async throws {
        try await KubernetesFixture.with { kubernetes in
            try await kubernetes.apply(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers: [{name: one, image: "one:1"}, {name: two, image: "two:1"}]
                """)
            let namespace = ["-n", kubernetes.namespace]
            try await kubernetes.kubectl(["set", "image", "deployment/web", "two=two:2"] + namespace).check()
            let images = try await kubernetes.kubectl(
                ["get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[*].image}"] + namespace)
            #expect(try images.check().output == "one:1 two:2")
        }
    }

    @Test func statusAndSpecificationAreWrittenApart() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await widget.apply("a", "size: 1")
            _ = try await widget.run(
                "patch", widget.plural, "a", "--type=merge", "-p", #"{"status":{"seen":5},"spec":{"size":2}}"#)
            #expect(try await widget.field(".status", of: "a").isEmpty)
            _ = try await widget.run(
                "patch", widget.plural, "a", "--type=merge", "--subresource=status", "-p",
                #"{"status":{"seen":5},"spec":{"size":3}}"#)
            #expect(try await widget.field(".status.seen", of: "a") == "5")
            #expect(try await widget.field(".spec.size", of: "a") == "2")
            #expect(try await widget.field(".metadata.generation", of: "a") == "2")
        }
    }

    @Test func dryRunStoresNothing() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            let output = try await widget.run(
                "apply", "--dry-run=server", "-f", "-", input: widget.manifest("a", "size: 1"))
            #expect(output.contains("created (server dry run)"))
            #expect(try await widget.run("get", widget.plural, "-o", "name").isEmpty)
        }
    }

    @Test func finalizerHoldsAnObjectUntilItIsGone() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await widget.apply("a", "size: 1")
            let finalizers = #"{"metadata":{"finalizers":["comity.test/hold"]}}"#
            _ = try await widget.run("patch", widget.plural, "a", "--type=merge", "-p", finalizers)
            _ = try await widget.run("delete", widget.plural, "a", "--wait=false")
            #expect(try await !widget.field(".metadata.deletionTimestamp", of: "a").isEmpty)
            _ = try await widget.run(
                "patch", widget.plural, "a", "--type=merge", "-p", #"{"metadata":{"finalizers":null}}"#)
            #expect(try await widget.run("get", widget.plural, "-o", "name").isEmpty)
        }
    }

    @Test func olderVersionOfAnObjectIsNotWrittenBack() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await widget.apply("a", "size: 1")
            let old = try await widget.run("get", widget.plural, "a", "-o", "yaml")
            try await widget.apply("a", "size: 2")
            let result = try await kubernetes.kubectl(["replace", "-f", "-"], input: old)
            #expect(result.exitCode != 0)
            #expect(result.errors.contains("the object has been modified"))
        }
    }

    @Test func nothingIsCreatedInANamespaceThatIsNotThere() async throws {
        try await KubernetesFixture.with { kubernetes in
            let result = try await kubernetes.kubectl("create", "configmap", "a", "-n", "nowhere-\(kubernetes.suffix)")
            #expect(result.errors.contains("namespaces \"nowhere-\(kubernetes.suffix)\" not found"))
        }
    }

    @Test func builtInObjectsAreCreatedByCommands() async throws {
        try await KubernetesFixture.with { kubernetes in
            let namespace = ["-n", kubernetes.namespace]
            let commands = [
                ["create", "configmap", "settings", "--from-literal=a=b"],
                ["create", "secret", "generic", "hidden", "--from-literal=a=b"],
                ["create", "serviceaccount", "worker"],
            ]
            for command in commands { try await kubernetes.kubectl(command + namespace).check() }
            let data = try await kubernetes.kubectl(
                ["get", "secret/hidden", "configmap/settings", "-o", "jsonpath={.items[*].data.a}"] + namespace)
            #expect(try data.check().output == "Yg== b")
        }
    }
}
