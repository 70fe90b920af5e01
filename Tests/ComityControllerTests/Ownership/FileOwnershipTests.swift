// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import Testing

@testable import ComityController

@Suite struct FileOwnershipTests {
    private let path: String

    init() throws {
        path = try TemporaryFolder().path("owned.json")
    }

    @Test("what was claimed and not released is known after a restart; before the first claim nothing is")
    func remembers() async throws {
        let record = FileOwnership(path: path, owner: "demo")
        #expect(try await record.load() == nil)
        let domain = try TrustDomain("t.test")
        _ = try await record.claim(Owned(entryIDs: ["1", "2"], trustDomains: [domain]))
        try await record.release(Owned(entryIDs: ["1"]))
        let again = try await FileOwnership(path: path, owner: "demo").load()
        #expect(again == Owned(entryIDs: ["2"], trustDomains: [domain]))
    }

    @Test func claimingNothingEndsTheFirstRun() async throws {
        _ = try await FileOwnership(path: path, owner: "demo").claim(Owned())
        #expect(try await FileOwnership(path: path, owner: "demo").load() == Owned())
    }

    @Test func refusesADamagedFileAndOneOfAnotherController() async throws {
        _ = try await FileOwnership(path: path, owner: "other").claim(Owned(entryIDs: ["1"]))
        await #expect(throws: ControllerError(.ownership, "")) {
            try await FileOwnership(path: path, owner: "demo").load()
        }
        try "{".write(toFile: path, atomically: true, encoding: .utf8)
        await #expect(throws: ControllerError(.ownership, "")) {
            try await FileOwnership(path: path, owner: "other").load()
        }
    }
}
