// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import Glibc
import SPIFFE
import Synchronization
import Testing

@testable import ComityKubernetes

struct ExecPluginTests {
    private func script(_ text: String) throws -> (path: String, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        try #require(write("#!/bin/sh\n\(text)\n", to: folder.path("plugin"), mode: 0o700))
        return (folder.path("plugin"), folder)
    }

    private func source(
        _ plugin: ExecPlugin, environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        now: @escaping @Sendable () -> Date = { Date() }
    ) -> CredentialSource {
        CredentialSource(
            ClusterConfiguration(server: "https://a", credential: .exec(plugin)), environment: environment, now: now)
    }

    private func credential(_ status: String) -> String {
        #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":\#(status)}"#
    }

    @Test("gives what the plugin prints, be it token or certificate") func gives() async throws {
        let token = try script("echo '\(credential(#"{"token":"abc"}"#))'")
        #expect(try await source(ExecPlugin(command: token.path)).access() == ClusterAccess(token: "abc"))
        let pair = try script("echo '\(credential(#"{"clientCertificateData":"C","clientKeyData":"K"}"#))'")
        #expect(
            try await source(ExecPlugin(command: pair.path)).access()
                == ClusterAccess(certificate: Array("C".utf8), key: Array("K".utf8)))
    }

    @Test("hands over arguments, variables and what the cluster is") func handsOver() async throws {
        let (path, folder) = try script(
            "echo \"$1 $VARIABLE $INHERITED\" > \"$0.seen\"; echo \"$KUBERNETES_EXEC_INFO\" > \"$0.info\"; echo '\(credential(#"{"token":"abc"}"#))'"
        )
        let plugin = ExecPlugin(
            command: "plugin", arguments: ["first"], environment: ["VARIABLE": "x"], needsClusterInfo: true)
        _ = try await source(plugin, environment: ["PATH": "/nowhere:\(folder.path):/bin", "INHERITED": "y"]).access()
        #expect(try String(contentsOfFile: "\(path).seen", encoding: .utf8) == "first x y\n")
        let info = try JSONValue(
            parsing: Array(try String(contentsOfFile: "\(path).info", encoding: .utf8).utf8), maximumBytes: 4096)
        #expect(info["kind"] == "ExecCredential")
        #expect(info["spec"] == ["interactive": false, "cluster": ["server": "https://a"]])
    }

    @Test("runs once until what it printed expires, and again when the server refuses it") func caches() async throws {
        let (path, _) = try script(
            "echo x >> \"$0.runs\"; echo '\(credential(#"{"token":"abc","expirationTimestamp":"2030-01-01T00:00:00Z"}"#))'"
        )
        let runs = { try String(contentsOfFile: "\(path).runs", encoding: .utf8).count / 2 }
        let expiry = try #require(KubernetesTime.date("2030-01-01T00:00:00Z"))
        let time = Time(expiry - 1)
        let source = source(ExecPlugin(command: path), now: { time.now })
        let access = try await source.access()
        _ = try await source.access()
        #expect(try runs() == 1)
        time.now = expiry
        _ = try await source.access()
        #expect(try runs() == 2)
        time.now = expiry - 1
        #expect(await source.refused(access))
        _ = try await source.access()
        #expect(try runs() == 3)
    }

    @Test("many who ask at once wait for one run") func oneRun() async throws {
        let (path, _) = try script("echo x >> \"$0.runs\"; sleep 0.1; echo '\(credential(#"{"token":"abc"}"#))'")
        let source = source(ExecPlugin(command: path))
        try await withThrowingTaskGroup(of: ClusterAccess.self) { group in
            for _ in 0..<10 { group.addTask { try await source.access() } }
            for try await access in group { #expect(access.token == "abc") }
        }
        #expect(try String(contentsOfFile: "\(path).runs", encoding: .utf8) == "x\n")
    }

    @Test(
        "what a plugin does wrong is told without what it printed",
        arguments: [
            ("echo secret; exit 3", "ended with exit code 3"), ("kill -9 $$", "was ended by signal 9"),
            ("echo secret", "printed no JSON"), ("true", "printed no JSON"),
            ("echo '{}'", "something other than an ExecCredential"),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"secret"}}'"#,
                "something other"
            ),
            (#"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}'"#, "printed no status"),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'"#,
                "neither a token nor"
            ),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"secret token"}}'"#,
                "malformed token"
            ),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"secret","expirationTimestamp":"soon"}}'"#,
                "malformed expiry"
            ),
            ("yes secret", "printed more than 1048576 bytes"),
        ])
    func faults(text: String, expected: String) async throws {
        let (path, _) = try script(text)
        let error = await #expect(throws: KubernetesError.self) { try await source(ExecPlugin(command: path)).access() }
        #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("secret") == false)
        #expect(error?.reason == KubernetesError.Reason.credential)
    }

    @Test(
        "a plugin that is not there is told with the hint of the kubeconfig",
        arguments: ["no-such-plugin", "/no/such/plugin"])
    func missing(_ command: String) async throws {
        let plugin = ExecPlugin(command: command, installHint: "install it")
        let error = await #expect(throws: KubernetesError.self) { try await source(plugin).access() }
        #expect(error?.message.contains("No such file or directory (install it)") == true, "\(error?.message ?? "")")
    }

    @Test("a plugin that hangs is ended with whatever it started") func hangs() async throws {
        let (path, _) = try script("sleep 1000 & echo $! > \"$0.child\"; wait")
        let plugin = ExecPlugin(command: path, timeLimit: .milliseconds(300))
        let error = await #expect(throws: KubernetesError.self) { try await source(plugin).access() }
        #expect(error?.message.contains("did not end within 0.3 seconds") == true, "\(error?.message ?? "")")
        let child = try #require(Int32(try String(contentsOfFile: "\(path).child", encoding: .utf8).dropLast()))
        let status = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
        // Gone, or waiting for somebody to ask how it ended.
        #expect(status.isEmpty || status.contains(") Z "), "\(status)")
    }

    @Test("a plugin that leaves something running is not waited for") func leavesChild() async throws {
        let (path, _) = try script("sleep 1000 & echo '\(credential(#"{"token":"abc"}"#))'")
        #expect(try await source(ExecPlugin(command: path)).access().token == "abc")
    }
}

/// A wall clock that stands still until it is set.
private final class Time: Sendable {
    private let date: Mutex<Date>

    init(_ date: Date) { self.date = Mutex(date) }

    var now: Date {
        get { date.withLock { $0 } }
        set { date.withLock { $0 = newValue } }
    }
}
