// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf
import Testing

@testable import ComityTransport

@Suite(.timeLimit(.minutes(1))) struct MessageSizeTests {
    private static let messages: [[UInt8]] = [
        [0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 1, 2, 3], [1, 0, 0, 1, 0] + [UInt8](repeating: 9, count: 256),
    ]

    @Test("lengths are read wherever the bytes are cut", arguments: [1, 2, 4, 5, 7, 100, 1000])
    func readsLengthsOfPieces(size: Int) {
        var lengths = MessageLengths()
        var bytes = Self.messages.flatMap(\.self)[...]
        var longest = 0
        while !bytes.isEmpty {
            longest = max(longest, lengths.take(bytes.prefix(size)))
            bytes = bytes.dropFirst(size)
        }
        #expect(longest == 256)
        #expect(lengths == MessageLengths())
    }

    @Test func aRequestAboveTheLimitIsResourceExhausted() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/api.sock"
        try await GRPCListener.unix(path: path, mode: 0o700, directoryMode: 0o700).serving { _ in
            try await GRPCConnector.unix(path: path).withClient { client in
                let health = Grpc_Health_V1_Health.Client(wrapping: client)
                let limit = ListenerLimits.local.maximumMessageSize
                // Field number and length take five bytes.
                let longest = Grpc_Health_V1_HealthCheckRequest.with {
                    $0.service = String(repeating: "x", count: limit - 5)
                }
                let atLimit = try await health.check(longest)
                #expect(atLimit.status == .serving)

                var longer = longest
                longer.service += "x"
                let tooLong = longer
                let error = await #expect(throws: RPCError.self) { try await health.check(tooLong) }
                let (code, message) = (error?.code, error?.message)
                #expect(code == .resourceExhausted)
                #expect(message == "received message larger than max (\(limit + 1) vs. \(limit))")
                // The connection goes on.
                let afterwards = try await health.check(.init())
                #expect(afterwards.status == .serving)
            }
        }
    }
}
