// SPDX-License-Identifier: Apache-2.0

import ComityServer
import ComityTesting
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

@Suite struct OwnershipServiceTests {
    private let service: OwnershipService
    private let fixture: ServiceFixture

    init() throws {
        fixture = try ServiceFixture()
        service = OwnershipService(store: fixture.store)
    }

    private func owned(_ owner: String) async throws -> [Comity_Ownership_V1_ListOwnedResponse] {
        var pages: [Comity_Ownership_V1_ListOwnedResponse] = []
        repeat {
            pages.append(
                try await service.listOwned(
                    request: .with {
                        $0.owner = owner
                        $0.pageToken = pages.last?.nextPageToken ?? ""
                    }, context: .test))
        } while !(pages.last?.nextPageToken.isEmpty ?? true)
        return pages
    }

    @Test func tellsTheFirstRunFromAnEmptyOne() async throws {
        #expect(try await owned("cluster-1/").map(\.known) == [false])
        _ = try await service.claim(request: .with { $0.owner = "cluster-1/" }, context: .test)
        #expect(try await owned("cluster-1/") == [.with { $0.known = true }])
    }

    @Test func refusesWhatOthersClaimed() async throws {
        _ = try await service.claim(
            request: .with {
                $0.owner = "cluster-1/"
                $0.entryIds = ["a"]
                $0.trustDomains = ["other.test"]
            }, context: .test)
        let answer = try await service.claim(
            request: .with {
                $0.owner = "cluster-2/"
                $0.entryIds = ["a", "b"]
                $0.trustDomains = ["other.test", "third.test"]
            }, context: .test)
        #expect(answer.refusedEntryIds == ["a"])
        #expect(answer.refusedTrustDomains == ["other.test"])
        _ = try await service.release(
            request: .with {
                $0.owner = "cluster-2/"
                $0.entryIds = ["a", "b"]
            }, context: .test)
        #expect(try await owned("cluster-2/").map(\.trustDomains) == [["third.test"]])
        #expect(try await owned("cluster-1/").map(\.entryIds) == [["a"]])
    }

    /// As many pods as a large cluster has, with the longest IDs there are.
    @Test func thirtyThousandEntriesFitIntoMessages() async throws {
        let ids = (0..<30_000).map { number in
            let text = String(number)
            return String(repeating: "x", count: 255 - text.count) + text
        }
        for start in stride(from: 0, to: ids.count, by: OwnershipService.maximumClaims) {
            let request = Comity_Ownership_V1_ClaimRequest.with {
                $0.owner = "cluster-1/"
                $0.entryIds = Array(ids[start..<start + OwnershipService.maximumClaims])
            }
            #expect(try request.serializedData().count < 4 << 20)
            _ = try await service.claim(request: request, context: .test)
        }
        let pages = try await owned("cluster-1/")
        #expect(Set(pages.flatMap(\.entryIds)) == Set(ids))
        for page in pages { #expect(try page.serializedData().count < 4 << 20) }
    }

    @Test func refusesRequestsBeyondTheBounds() async throws {
        await expectRefusal(.invalidArgument, "failed to parse owner: owner is empty") {
            try await service.listOwned(request: .init(), context: .test)
        }
        await expectRefusal(.invalidArgument, "failed to parse owner: owner is longer than 512 bytes") {
            try await service.claim(
                request: .with { $0.owner = String(repeating: "a", count: 513) }, context: .test)
        }
        let claim = Comity_Ownership_V1_ClaimRequest.with {
            $0.owner = "cluster-1/"
            $0.entryIds = (0...OwnershipService.maximumClaims).map { "\($0)" }
        }
        await expectRefusal(.invalidArgument, "more than 5000 things at once") {
            try await service.claim(request: claim, context: .test)
        }
        #expect(try await owned("cluster-1/").map(\.known) == [false])
    }

    @Test(arguments: ["", "a b", String(repeating: "a", count: 256)])
    func refusesWhatIsNoEntryID(_ id: String) async throws {
        await #expect(throws: RPCError.self) {
            try await service.claim(
                request: .with {
                    $0.owner = "cluster-1/"
                    $0.entryIds = [id]
                }, context: .test)
        }
    }
}
