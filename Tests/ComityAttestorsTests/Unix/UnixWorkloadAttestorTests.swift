// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityRegistry
import Crypto
import Foundation
import Testing

@Suite struct UnixWorkloadAttestorTests {
    private let own = WorkloadProcess(processID: getpid(), userID: getuid(), groupID: getgid())

    @Test func knowsOwnProcessByEffectiveUserAndGroup() async throws {
        let selectors = try await UnixWorkloadAttestor().attest(own)

        #expect(selectors.contains(try Selector("unix:uid:\(geteuid())")))
        #expect(selectors.contains(try Selector("unix:gid:\(getegid())")))
        #expect(selectors.allSatisfy { $0.type == "unix" })
    }

    @Test func namesUsersAndGroupsThatHaveNames() async throws {
        let root = try ProcFixture(processID: 7, uid: [1, 0, 1, 1], gid: [1, 0, 1, 1], groups: [0, 4_000_000_000])

        let selectors = try await UnixWorkloadAttestor(procRoot: root.path).attest(process(7))

        #expect(
            selectors == [
                try Selector("unix:uid:0"), try Selector("unix:user:root"), try Selector("unix:gid:0"),
                try Selector("unix:group:root"), try Selector("unix:supplementary_gid:0"),
                try Selector("unix:supplementary_group:root"), try Selector("unix:supplementary_gid:4000000000"),
            ])
    }

    @Test func tellsPathAndDigestOnlyWhenAsked() async throws {
        let content = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0) })
        let root = try ProcFixture(processID: 7, executable: content)
        let digest = SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()

        let plain = try await UnixWorkloadAttestor(procRoot: root.path).attest(process(7))
        let full = try await UnixWorkloadAttestor(options: .init(discoversPath: true), procRoot: root.path)
            .attest(process(7))
        let unhashed = try await UnixWorkloadAttestor(
            options: .init(discoversPath: true, sizeLimit: -1), procRoot: root.path
        ).attest(process(7))

        let path = try Selector("unix:path:\(root.executablePath)")
        #expect(full.subtracting(plain) == [path, try Selector("unix:sha256:\(digest)")])
        #expect(unhashed.subtracting(plain) == [path])
    }

    @Test func hashesAnewWhenTheExecutableChanges() async throws {
        let root = try ProcFixture(processID: 7, executable: Data("one".utf8))
        let attestor = UnixWorkloadAttestor(options: .init(discoversPath: true), procRoot: root.path)
        let before = try await attestor.attest(process(7))

        try Data("two".utf8).write(to: URL(filePath: root.executablePath))
        let after = try await attestor.attest(process(7))

        #expect(before != after)
    }

    @Test func refusesExecutableAboveTheLimit() async throws {
        let root = try ProcFixture(processID: 7, executable: Data(count: 101))
        let atLimit = UnixWorkloadAttestor(options: .init(discoversPath: true, sizeLimit: 101), procRoot: root.path)
        let beyond = UnixWorkloadAttestor(options: .init(discoversPath: true, sizeLimit: 100), procRoot: root.path)

        _ = try await atLimit.attest(process(7))
        await #expect(throws: AttestationError(.internalError, "")) { try await beyond.attest(process(7)) }
    }

    @Test(arguments: ["", "Name:\tx\n", "Uid:\t1\t1\t1\t1\n", "Uid:\t1\nGid:\t1\t1\t1\t1\n", "Uid:\ta\tb\tc\td\n"])
    func refusesStatusWithoutUserAndGroup(status: String) async throws {
        let root = try ProcFixture(processID: 7, status: status)

        await #expect(throws: AttestationError(.internalError, "")) {
            try await UnixWorkloadAttestor(procRoot: root.path).attest(process(7))
        }
    }

    @Test func refusesProcessThatIsGone() async throws {
        let root = try ProcFixture(processID: 7)

        await #expect(throws: AttestationError(.internalError, "")) {
            try await UnixWorkloadAttestor(procRoot: root.path).attest(process(8))
        }
    }

    private func process(_ processID: Int32) -> WorkloadProcess {
        WorkloadProcess(processID: processID, userID: 0, groupID: 0)
    }
}
