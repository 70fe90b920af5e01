// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import ComityWire
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import Synchronization
import Testing

@Suite struct EntrySyncServiceTests {
    typealias Request = Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesRequest
    typealias Response = Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesResponse

    private let fixture: ServiceFixture
    private let agent: AttestedNode

    init() throws {
        fixture = try ServiceFixture()
        agent = AttestedNode(
            id: try SPIFFEID("spiffe://example.org/spire/agent/join_token/a"), attestationType: "join_token",
            serialNumber: "1", expiresAt: TestTime.future)
    }

    private func fill(_ count: Int) async throws {
        for number in 0..<count {
            var entry = Entry(
                spiffeID: try SPIFFEID("spiffe://example.org/w\(number)"), parentID: agent.id,
                selectors: [try Selector("unix:uid:\(number)")])
            entry.id = "entry-\(1000 + number)"
            _ = try await fixture.store.createEntry(entry, now: TestTime.now)
        }
        let elsewhere = Entry(
            spiffeID: try SPIFFEID("spiffe://example.org/other"), parentID: try SPIFFEID("spiffe://example.org/x"),
            selectors: [try Selector("unix:uid:0")])
        _ = try await fixture.store.createEntry(elsewhere, now: TestTime.now)
        try await fixture.index.load()
    }

    private func sync(_ requests: [Request], as caller: Caller? = nil) async throws -> [Response] {
        let collector = Collector()
        try await Caller.$current.withValue(caller ?? .agent(agent)) {
            try await fixture.withContext { context in
                try await fixture.entries.syncAuthorizedEntries(
                    request: RPCAsyncSequence(wrapping: AsyncThrowingStream(requests)),
                    response: RPCWriter(wrapping: collector), context: context)
            }
        }
        return collector.responses
    }

    private func request(_ ids: [String] = []) -> Request {
        var request = Request()
        request.ids = ids
        return request
    }

    @Test func sendsFewEntriesAtOnce() async throws {
        try await fill(3)
        let responses = try await sync([request(), request(["ignored"])])
        #expect(responses.map(\.entries.count) == [3])
        #expect(responses.map(\.more) == [false])
        #expect(responses[0].entries.map(\.id) == ["entry-1000", "entry-1001", "entry-1002"])
    }

    @Test func sendsRevisionsOfManyAndThenWhatIsAskedFor() async throws {
        try await fill(501)
        var first = request()
        first.outputMask = Spire_Api_Types_EntryMask([.revisionNumber, .spiffeID])
        let responses = try await sync([first, request(["entry-1500", "none", "entry-1000"]), request(["none"])])
        #expect(responses.map(\.entryRevisions.count) == [500, 1, 0, 0])
        #expect(responses.map(\.entries.count) == [0, 0, 2, 0])
        #expect(responses.map(\.more) == [true, false, false, false])
        #expect(responses[0].entryRevisions[0].createdAt == Int64(TestTime.now.timeIntervalSince1970))
        #expect(responses[2].entries.map(\.spiffeID.path) == ["/w500", "/w0"])
        #expect(responses[2].entries.flatMap(\.selectors).isEmpty)
    }

    @Test func refusesAWrongBeginning() async throws {
        try await fill(1)
        await expectRefusal(.invalidArgument, "specifying IDs on initial request is not supported") {
            _ = try await sync([request(["entry-1000"])])
        }
        var masked = request()
        masked.outputMask = Spire_Api_Types_EntryMask([.spiffeID])
        await expectRefusal(.invalidArgument, "revision number cannot be masked") { [masked] in
            _ = try await sync([masked])
        }
        #expect(try await sync([]).isEmpty)
    }

    @Test func givesNothingToACallerThatIsNoAgent() async throws {
        try await fill(1)
        await expectRefusal(.internalError, "caller ID missing from request context") {
            _ = try await sync([request()], as: Caller())
        }
    }

    @Test func getsAllAtOnce() async throws {
        try await fill(2)
        let response = try await Caller.$current.withValue(.agent(agent)) {
            try await fixture.withContext {
                try await fixture.entries.getAuthorizedEntries(request: .init(), context: $0)
            }
        }
        #expect(response.entries.map(\.spiffeID.path) == ["/w0", "/w1"])
    }
}

/// Keeps what is written to a stream.
private final class Collector: RPCWriterProtocol {
    private let written = Mutex<[EntrySyncServiceTests.Response]>([])

    var responses: [EntrySyncServiceTests.Response] { written.withLock { $0 } }

    func write(_ element: EntrySyncServiceTests.Response) async throws {
        written.withLock { $0.append(element) }
    }

    func write(contentsOf elements: some Sequence<EntrySyncServiceTests.Response>) async throws {
        let elements = Array(elements)
        written.withLock { $0 += elements }
    }
}

extension AsyncThrowingStream<EntrySyncServiceTests.Request, any Error> {
    fileprivate init(_ requests: [EntrySyncServiceTests.Request]) {
        self.init { continuation in
            for request in requests { continuation.yield(request) }
            continuation.finish()
        }
    }
}
