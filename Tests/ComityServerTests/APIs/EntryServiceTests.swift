// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityTesting
import ComityWire
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import Testing

@Suite struct EntryServiceTests {
    private let fixture: ServiceFixture

    init() throws {
        fixture = try ServiceFixture()
    }

    private func proto(_ path: String = "/web", selectors: [String] = ["unix:uid:1"]) throws -> Spire_Api_Types_Entry {
        Spire_Api_Types_Entry(
            Entry(
                spiffeID: try SPIFFEID("spiffe://example.org\(path)"),
                parentID: try SPIFFEID("spiffe://example.org/spire/agent/join_token/a"),
                selectors: Set(try selectors.map { try Selector($0) })))
    }

    private func create(
        _ entries: [Spire_Api_Types_Entry], mask: Spire_Api_Types_EntryMask? = nil
    ) async throws -> [Spire_Api_Server_Entry_V1_BatchCreateEntryResponse.Result] {
        var request = Spire_Api_Server_Entry_V1_BatchCreateEntryRequest()
        request.entries = entries
        if let mask { request.outputMask = mask }
        return try await fixture.withContext { [request] in
            try await fixture.entries.batchCreateEntry(request: request, context: $0).results
        }
    }

    private func update(
        _ entry: Spire_Api_Types_Entry, mask: Spire_Api_Types_EntryMask? = nil
    ) async throws -> Spire_Api_Server_Entry_V1_BatchUpdateEntryResponse.Result {
        var request = Spire_Api_Server_Entry_V1_BatchUpdateEntryRequest()
        request.entries = [entry]
        if let mask { request.inputMask = mask }
        let response = try await fixture.withContext { [request] in
            try await fixture.entries.batchUpdateEntry(request: request, context: $0)
        }
        return try #require(response.results.first)
    }

    @Test func eachItemOfABatchStandsAlone() async throws {
        var wrong = try proto("/wrong")
        wrong.spiffeID.trustDomain = "other.test"
        let results = try await create([try proto(), wrong, try proto(), try proto("/other")])
        #expect(
            results.map(\.status.text) == [
                "0 OK",
                "3 failed to convert entry: invalid spiffe ID: \"spiffe://other.test/wrong\" is not a member of "
                    + "trust domain \"example.org\"",
                "6 similar entry already exists", "0 OK",
            ])
        #expect(results[2].entry == results[0].entry)
        #expect(results[0].entry.createdAt == Int64(TestTime.now.timeIntervalSince1970))
        #expect(!results[1].hasEntry)
    }

    @Test func createsAnEntryWhoseFederatedBundleIsMissing() async throws {
        var entry = try proto()
        entry.federatesWith = ["unheard-of.test"]
        let results = try await create([entry])
        #expect(results.map(\.status.text) == ["0 OK"])
        #expect(results[0].entry.federatesWith == ["unheard-of.test"])
    }

    @Test func tellsWhatTheStoreRefuses() async throws {
        var entry = try proto()
        entry.x509SvidTtl = -1
        var taken = try proto("/taken")
        taken.id = "one"
        var again = try proto("/again")
        again.id = "one"
        let results = try await create([entry, taken, again])
        #expect(
            results.map(\.status.text) == [
                "3 failed to create entry: datastore-validation: invalid registration entry: X509SvidTtl is not set",
                "0 OK", "6 failed to create entry: entry ID \"one\" belongs to another entry",
            ])
    }

    @Test func answersWithMaskedFieldsAndAlwaysTheID() async throws {
        let results = try await create([try proto()], mask: Spire_Api_Types_EntryMask([.spiffeID]))
        var expected = Spire_Api_Types_Entry()
        expected.id = results[0].entry.id
        expected.spiffeID = try proto().spiffeID
        #expect(results[0].entry == expected)
        #expect(!expected.id.isEmpty)
    }

    @Test func updatesMaskedFieldsOnly() async throws {
        let created = try await create([try proto()])[0].entry
        var change = Spire_Api_Types_Entry()
        change.id = created.id
        change.hint = "external"
        let result = try await update(change, mask: Spire_Api_Types_EntryMask([.hint]))
        var expected = created
        expected.hint = "external"
        expected.revisionNumber = 1
        #expect(result.status.text == "0 OK")
        #expect(result.entry == expected)
        let invalid = try await update(change, mask: Spire_Api_Types_EntryMask([.selectors]))
        #expect(invalid.status.text == "3 failed to convert entry: selector list is empty")
        #expect(!invalid.hasEntry)
    }

    @Test(arguments: ["", "none"])
    func saysThatTheUpdatedEntryIsMissing(_ id: String) async throws {
        var change = try proto()
        change.id = id
        #expect(try await update(change).status.text == "5 failed to update entry")
    }

    @Test func deletesByID() async throws {
        let id = try await create([try proto()])[0].entry.id
        var request = Spire_Api_Server_Entry_V1_BatchDeleteEntryRequest()
        request.ids = [id, "", "none"]
        let response = try await fixture.withContext { [request] in
            try await fixture.entries.batchDeleteEntry(request: request, context: $0)
        }
        #expect(response.results.map(\.id) == [id, "", "none"])
        #expect(response.results.map(\.status.text) == ["0 OK", "3 missing entry ID", "5 entry not found"])
    }

    @Test func getsAnEntry() async throws {
        let created = try await create([try proto()])[0].entry
        func get(_ id: String) async throws -> Spire_Api_Types_Entry {
            var request = Spire_Api_Server_Entry_V1_GetEntryRequest()
            request.id = id
            return try await fixture.withContext { [request] in
                try await fixture.entries.getEntry(request: request, context: $0)
            }
        }
        #expect(try await get(created.id) == created)
        await expectRefusal(.invalidArgument, "missing ID") { _ = try await get("") }
        await expectRefusal(.notFound, "entry not found") { _ = try await get("none") }
    }

    @Test func listsInPagesAndCounts() async throws {
        _ = try await create([try proto("/a"), try proto("/b"), try proto("/c")])
        var request = Spire_Api_Server_Entry_V1_ListEntriesRequest()
        func list(
            _ request: Spire_Api_Server_Entry_V1_ListEntriesRequest
        ) async throws -> Spire_Api_Server_Entry_V1_ListEntriesResponse {
            try await fixture.withContext { try await fixture.entries.listEntries(request: request, context: $0) }
        }
        request.pageSize = 2
        var response = try await list(request)
        #expect(response.entries.map(\.spiffeID.path) == ["/a", "/b"])
        request.pageToken = response.nextPageToken
        response = try await list(request)
        #expect(response.entries.map(\.spiffeID.path) == ["/c"])
        #expect(!response.nextPageToken.isEmpty)
        request.pageToken = "x"
        await expectRefusal(.invalidArgument, "failed to list entries: could not parse token 'x'") { [request] in
            _ = try await list(request)
        }
        request.filter.bySelectors = .init()
        await expectRefusal(.invalidArgument, "malformed selectors filter: empty selector set") { [request] in
            _ = try await list(request)
        }
        var count = Spire_Api_Server_Entry_V1_CountEntriesRequest()
        count.filter.bySpiffeID = Spire_Api_Types_SPIFFEID(try SPIFFEID("spiffe://example.org/b"))
        let counted = try await fixture.withContext { [count] in
            try await fixture.entries.countEntries(request: count, context: $0)
        }
        #expect(counted.count == 1)
    }
}
