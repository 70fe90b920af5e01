// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// The main job as one command: two trust domains, workloads that call each other, every key changed meanwhile.
@Suite(.serialized) struct DemonstrationTests {
    @Test("S60 S61 S62 S63 S64: the demo's workloads call across the border, the wrong ones are refused, no call fails")
    func losesNoCall() async throws {
        let folder = try TemporaryFolder()
        try BuiltExecutable.link(into: folder)

        let demo = try await ToolCommand.run(folder.path("comity"), ["demo"])

        let told = demo.output + demo.errors
        #expect(demo.exitCode == 0, Comment(rawValue: told))
        for line in [
            "kind: ClusterFederatedTrustDomain", "Starting...", "Created Newx509Source", "created HTTP client",
            "created JWTSource", "fetched JWT SVID",
            "Success!!!",
            "401 Invalid or unsupported authorization header", #"unexpected ID "spiffe://alpha.test/backend""#,
        ] {
            #expect(told.contains(line))
        }
        #expect(told.split(separator: "\n").contains { $0.contains("calls failed") && $0.hasSuffix(" 0") })
    }

    @Test("a demo that is killed takes its servers, agents and workloads with it")
    func leavesNoOrphans() async throws {
        let folder = try TemporaryFolder()
        try BuiltExecutable.link(into: folder)
        let demo = try RunningProgram(
            folder.path("comity"), ["demo"], in: folder.path, log: folder.path("demo.log"))
        // By then both servers and both agents run.
        let children = try await eventually("the demo has started its processes", or: { demo.log }) {
            let children = try Self.children(of: demo.processID)
            return children.count >= 4 ? children : nil
        }

        let scratch = try Self.scratchFolder(of: children)
        defer { try? FileManager.default.removeItem(atPath: scratch) }

        await demo.stop(SIGKILL)

        for child in children {
            try await eventually("process \(child) has ended") { Self.isRunning(child) ? nil : true }
        }
    }

    /// What a killed demo cannot take away itself.
    private static func scratchFolder(of children: [Int32]) throws -> String {
        let words = children.flatMap { child in
            let text = try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8)
            return (text ?? "").split(whereSeparator: { $0 == "\0" || $0 == "/" })
        }
        return "/tmp/\(try #require(words.first { $0.hasPrefix("comity-demo-") }))"
    }

    private static func children(of parent: Int32) throws -> [Int32] {
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")
        return threads.flatMap { thread in
            let text = try? String(contentsOfFile: "/proc/\(parent)/task/\(thread)/children", encoding: .utf8)
            return (text ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Nobody reaps an orphan in some containers, so one that has ended may still be listed.
    private static func isRunning(_ id: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
        return status.split(separator: ")").last?.hasPrefix(" Z") != true
    }
}
