// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityTransport

@Suite struct ConnectionTallyTests {
    @Test func boundsTheConnectionsOfOneUserAndOfAll() {
        var tally = ConnectionTally(maximumConnections: 4, maximumConnectionsPerUser: 2)
        #expect(tally.accepted(user: 7) == .admit)
        #expect(tally.accepted(user: 7) == .admit)
        #expect(tally.accepted(user: 7) == .refuse(reason: "too many connections of one user"))
        #expect(tally.accepted(user: 8) == .admit)
        #expect(tally.accepted(user: nil) == .admit)
        #expect(tally.accepted(user: 0) == .refuse(reason: "too many connections"))
        tally.closed(user: 7)
        #expect(tally.accepted(user: 7) == .admit)
        #expect(tally.connections == 4)
    }

    @Test func bindsRootOnlyByTheTotal() {
        var tally = ConnectionTally(maximumConnections: 3, maximumConnectionsPerUser: 1)
        #expect(tally.accepted(user: 0) == .admit)
        #expect(tally.accepted(user: 0) == .admit)
        #expect(tally.connections == 2)
    }
}
