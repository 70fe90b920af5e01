// SPDX-License-Identifier: Apache-2.0

import CLinux
import ComityAgent
import ComityAttestors
import ComityRegistry
import ComityTransport
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing
import WorkloadAPIProtos

/// What holds for every call on the socket (Workload Endpoint).
@Suite(.timeLimit(.minutes(1))) struct WorkloadEndpointTests {
    /// Every method of the service, each as a call that would otherwise succeed or be refused for another reason.
    enum Method: CaseIterable, Sendable {
        case fetchX509SVID, fetchX509Bundles, fetchJWTSVID, fetchJWTBundles, validateJWTSVID, fetchWITSVID
        case fetchWITBundles

        func call(_ api: WorkloadAPIFixture.API, _ metadata: Metadata) async throws {
            switch self {
            case .fetchX509SVID:
                try await api.fetchX509SVID(.init(), metadata: metadata) { try await first($0) }
            case .fetchX509Bundles:
                try await api.fetchX509Bundles(.init(), metadata: metadata) { try await first($0) }
            case .fetchJWTSVID:
                _ = try await api.fetchJWTSVID(.with { $0.audience = ["a"] }, metadata: metadata)
            case .fetchJWTBundles:
                try await api.fetchJWTBundles(.init(), metadata: metadata) { try await first($0) }
            case .validateJWTSVID:
                _ = try await api.validateJWTSVID(
                    .with {
                        $0.audience = "a"
                        $0.svid = "x.y.z"
                    }, metadata: metadata)
            case .fetchWITSVID:
                try await api.fetchWITSVID(.init(), metadata: metadata) { try await first($0) }
            case .fetchWITBundles:
                try await api.fetchWITBundles(.init(), metadata: metadata) { try await first($0) }
            }
        }

        private func first<Message>(_ response: StreamingClientResponse<Message>) async throws {
            for try await _ in response.messages { return }
        }
    }

    @Test func agentsNeedNotServeTheWorkloadAPI() async throws {
        try await WorkloadAPIFixture.with(settings: { $0.servesWorkloadAPI = false }) { fixture in
            let error = await #expect(throws: RPCError.self) {
                try await fixture.api.fetchJWTSVID(.with { $0.audience = ["a"] }, metadata: WorkloadAPIFixture.header)
            }
            #expect(error?.code == .unimplemented)
            let health = try await fixture.health.check(.init())
            #expect(health.status == .serving)
        }
    }

    @Test("WEP-07: without the exact security header no call is looked at (D-24, D-33)", arguments: Method.allCases)
    func refusesWithoutHeader(method: Method) async throws {
        try await WorkloadAPIFixture.with { fixture in
            var wrong: [Metadata] = [[:]]
            for value in ["True", "TRUE", "1", "", "false"] { wrong.append(["workload.spiffe.io": .string(value)]) }
            wrong.append(["workload.spiffe.io": "true", "workload.spiffe.io": "true"])
            for metadata in wrong {
                let error = await #expect(throws: RPCError.self) { try await method.call(fixture.api, metadata) }
                #expect(error?.code == .invalidArgument)
                #expect(error?.message == "security header missing from request")
            }
        }
    }

    @Test(
        "WEP-18, WAPI-29: a caller without identity is refused everything but validation and WIT",
        arguments: [Method.fetchX509SVID, .fetchX509Bundles, .fetchJWTSVID, .fetchJWTBundles])
    func refusesCallerWithoutIdentity(method: Method) async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("other", selectors: ["unix:uid:4000000000"]))

            let error = await #expect(throws: RPCError.self) {
                try await method.call(fixture.api, WorkloadAPIFixture.header)
            }

            #expect(error?.code == .permissionDenied)
            #expect(error?.message == "no identity issued")
        }
    }

    @Test(
        "WAPI-02: the WIT profile is not offered",
        arguments: [
            (Method.fetchWITSVID, "fetching WIT-SVIDs is not implemented"),
            (.fetchWITBundles, "fetching WIT bundles is not implemented"),
        ])
    func witIsUnimplemented(method: Method, text: String) async throws {
        try await WorkloadAPIFixture.with { fixture in
            let error = await #expect(throws: RPCError.self) {
                try await method.call(fixture.api, WorkloadAPIFixture.header)
            }

            #expect(error?.code == .unimplemented)
            #expect(error?.message == text)
        }
    }

    @Test("WEP-20, WAPI-04: the service has exactly the standard's methods, under the standard's path")
    func hasStandardMethods() {
        #expect(
            Set(Workload_SpiffeWorkloadAPI.Method.descriptors.map(\.fullyQualifiedMethod)) == [
                "SpiffeWorkloadAPI/FetchX509SVID", "SpiffeWorkloadAPI/FetchX509Bundles",
                "SpiffeWorkloadAPI/FetchJWTSVID", "SpiffeWorkloadAPI/FetchJWTBundles",
                "SpiffeWorkloadAPI/ValidateJWTSVID", "SpiffeWorkloadAPI/FetchWITSVID",
                "SpiffeWorkloadAPI/FetchWITBundles",
            ])
    }

    @Test("WEP-01, WEP-04: the socket lets every local process connect")
    func socketIsOpenToAll() async throws {
        try await WorkloadAPIFixture.with { fixture in
            _ = try await fixture.health.check(.init())
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.socketPath)
            #expect(attributes[.type] as? FileAttributeType == .typeSocket)
            #expect(attributes[.posixPermissions] as? Int == 0o777)
        }
    }

    @Test("WEP-14: a caller that has ended is refused, whoever has its process ID now")
    func refusesCallerThatIsGone() async throws {
        let child = Process()
        child.executableURL = URL(filePath: "/bin/cat")
        let pipe = Pipe()
        child.standardInput = pipe
        try child.run()
        let pidfd = comity_pidfd_open(child.processIdentifier)
        defer { close(pidfd) }
        #expect(pidfd >= 0)
        // The process ID is this test's own, so /proc shows a living process; the descriptor stands for the other one.
        let reused = LocalPeer(
            pid: getpid(), uid: getuid(), gid: getgid(), pidfd: pidfd, isPinnedByKernel: true)
        let attestation = CallerAttestation([UnixWorkloadAttestor()])

        #expect(try await attestation.selectors(of: reused).isEmpty == false)
        try pipe.fileHandleForWriting.close()
        child.waitUntilExit()

        let error = await #expect(throws: RPCError.self) { try await attestation.selectors(of: reused) }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "workload attestation failed")
    }

    @Test func refusesConnectionThatIsClosed() async throws {
        await #expect(throws: RPCError.self) { try await CallerAttestation([]).selectors(of: nil) }
    }

    @Test func healthNeedsNoHeaderAndKnowsNoServices() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let answer = try await fixture.health.check(.init())
            #expect(answer.status == .serving)
            let error = await #expect(throws: RPCError.self) {
                try await fixture.health.check(.with { $0.service = "x" })
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "per-service health is not supported")
        }
    }
}
