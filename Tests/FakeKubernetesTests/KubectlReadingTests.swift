// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Testing

/// What `kubectl` shows.
@Suite(.timeLimit(.minutes(2)))
struct KubectlReadingTests {
    @Test func tableHasTheColumnsOfTheDefinition() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await widget.apply("a", "size: 7")
            let status = #"{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"#
            _ = try await widget.run(
                "patch", widget.plural, "a", "--type=merge", "--subresource=status", "-p", status)
            let narrow = try await widget.run("get", widget.plural)
            #expect(words(narrow) == [["NAME", "SIZE", "AGE"], ["a", "7", "*s"]])
            let wide = try await widget.run("get", "wd", "-o", "wide")
            #expect(words(wide) == [["NAME", "SIZE", "READY", "AGE"], ["a", "7", "True", "*s"]])
        }
    }

    @Test func customResourcesHaveTheColumnsThatUsersKnow() async throws {
        try await KubernetesFixture.with { kubernetes in
            try await kubernetes.installCustomResources()
            try await kubernetes.apply(
                """
                apiVersion: spire.spiffe.io/v1alpha1
                kind: ClusterFederatedTrustDomain
                metadata: {name: partner-\(kubernetes.suffix)}
                spec:
                  className: nobody
                  trustDomain: partner.test
                  bundleEndpointURL: https://partner.test/bundle
                  bundleEndpointProfile: {type: https_web}
                """)
            let name = "partner-\(kubernetes.suffix)"
            let table = try await kubernetes.kubectl("get", "clusterfederatedtrustdomain", name).check().output
            #expect(table.hasPrefix("NAME"))
            #expect(table.contains("TRUST DOMAIN"))
            #expect(words(table).last == [name, "partner.test", "https://partner.test/bundle"])
            try await kubernetes.kubectl("delete", "clusterfederatedtrustdomain", name).check()
        }
    }

    @Test func objectIsShownWholeAndDescribedAndExplained() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await widget.apply("a", "size: 7, free: {any: {depth: [1, two]}}")
            let yaml = try await widget.run("get", widget.plural, "a", "-o", "yaml")
            for text in ["generation: 1", "mode: plain", "size: 7", "depth:", "- two", "uid: "] {
                #expect(yaml.contains(text))
            }
            let described = try await widget.run("describe", widget.plural, "a")
            #expect(described.contains("Kind:         Widget"))
            #expect(described.contains("Events:"))
            let explained = try await widget.run("explain", "\(widget.plural).spec")
            #expect(explained.contains("What is wished for."))
            #expect(explained.contains("tags\t<[]string>"))
        }
    }

    @Test func listsCanBeReadInPagesAndBySelectors() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            for name in ["a", "b", "c", "d", "e"] { try await widget.apply(name, "size: 1") }
            let all = try await widget.run("get", widget.plural, "-o", "name", "--chunk-size=2")
            #expect(all.split(separator: "\n").map { $0.suffix(1) } == ["a", "b", "c", "d", "e"])
            for (selector, names) in [
                ("tier=a", "a"), ("tier in (a,b)", "ab"), ("tier notin (a,b),tier", "cde"), ("tier!=e", "abcd"),
                ("!tier", ""),
            ] {
                let found = try await widget.run("get", widget.plural, "-o", "name", "-l", selector)
                #expect(found.split(separator: "\n").map { $0.suffix(1) }.joined() == names, "\(selector)")
            }
            let one = try await widget.run(
                "get", widget.plural, "-o", "name", "--field-selector", "metadata.name=c")
            #expect(one.hasSuffix("/c\n"))
            let wrong = try await kubernetes.kubectl("get", widget.plural, "--field-selector", "spec.size=1")
            #expect(wrong.errors.contains("field label not supported: spec.size"))
        }
    }

    @Test func watchTellsWhatHappens() async throws {
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            try await widget.apply("before", "size: 1")
            let folder = try TemporaryFolder()
            let watch = try RunningProgram(
                "/usr/bin/env",
                [
                    "kubectl", "--kubeconfig", kubernetes.kubeconfigPath, "--cache-dir", folder.path, "get",
                    widget.plural,
                    "-n", kubernetes.namespace, "--watch", "--output-watch-events",
                ], in: folder.path, log: folder.path("watch.log"))
            try await watch.line("ADDED", "before")
            try await widget.apply("after", "size: 2")
            try await watch.line("ADDED", "after")
            try await widget.apply("after", "size: 3")
            try await watch.line("MODIFIED", "after", "3")
            _ = try await widget.run("delete", widget.plural, "after")
            try await watch.line("DELETED", "after")
            await watch.stop()
        }
    }

    @Test func accessIsByTokenOrCertificate() async throws {
        try await KubernetesFixture.with { kubernetes in
            let refused = try await kubernetes.kubectl("get", "pods", "--token", "nonsense")
            #expect(refused.exitCode != 0)
            #expect(refused.errors.contains("Unauthorized") || refused.errors.contains("must be logged in"))
            guard let cluster = kubernetes.cluster else { return }
            let kubeconfig = try cluster.kubeconfig(ofUser: "alice")
            let folder = try TemporaryFolder()
            try await ToolCommand.run(
                "kubectl", ["--kubeconfig", kubeconfig, "--cache-dir", folder.path, "get", "namespaces"]
            ).check()
        }
    }

    /// The words of each line; an age is `*s`.
    private func words(_ table: String) -> [[String]] {
        table.split(separator: "\n").map { line in
            line.split(separator: " ").map { word in
                word.last == "s" && Int(word.dropLast()) != nil ? "*s" : String(word)
            }
        }
    }
}
