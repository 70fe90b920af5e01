// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ServerAPIProtos
import SwiftProtobuf
import Testing

@testable import ComityCommands

@Suite struct NodeFilterFlagsTests {
    @Test func readsEveryFilter() throws {
        let filter = try NodeFilterFlags.parse([
            "-selector=a:b", "-matchSelectorsOn=exact", "-attestationType=join_token", "-canReattest", "-no-banned",
            "-expiresBefore=2026-01-02 15:04:05 -0700 -07",
        ]).filter()
        #expect(filter.bySelectorMatch.selectors.map(\.value) == ["b"])
        #expect(filter.bySelectorMatch.match == .matchExact)
        #expect(filter.byAttestationType == "join_token")
        #expect(filter.byCanReattest.value && !filter.byBanned.value && filter.hasByBanned)
        #expect(filter.byExpiresBefore == "2026-01-02 15:04:05 -0700 -07")
    }

    @Test(arguments: [
        (["-expiresBefore=tomorrow"], "date is not valid: \"tomorrow\""),
        (["-expiresBefore=2026-01-02T15:04:05Z"], "date is not valid: \"2026-01-02T15:04:05Z\""),
        (["-selector=a:b", "-matchSelectorsOn=some"], "unsupported match behavior"),
        (["-selector=a"], "selector \"a\" must be formatted as type:value"),
    ])
    func refusesWhatTheServerWouldIgnore(_ arguments: [String], _ message: String) throws {
        let flags = try NodeFilterFlags.parse(arguments)
        let error = #expect(throws: CommandError.self) { try flags.filter() }
        #expect(error?.message == message)
    }
}
