// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import GRPCCore
import SPIFFE
import Testing

@testable import ComityServer

@Suite struct SVIDServiceLimitTests {
    @Test func batchCountsByItsItems() async throws {
        let setting = try await SVIDServiceTests.Setting()
        let allowance = RateLimiter.Allowance(
            limiter: RateLimiter(.standard(attestation: true, signing: true)),
            method: "/spire.api.server.svid.v1.SVID/BatchNewX509SVID", address: "192.0.2.1")
        let item = (entry: setting.mine.id, csr: [UInt8]())
        try await RateLimiter.$current.withValue(allowance) {
            let results = try await setting.batch(Array(repeating: item, count: 500))
            #expect(results.count == 500)
            await expectRefusal(
                .resourceExhausted,
                "rejecting request due to certificate signing rate limiting: rate (501) exceeds burst size (500)"
            ) {
                try await setting.batch(Array(repeating: item, count: 501))
            }
        }
    }
}
