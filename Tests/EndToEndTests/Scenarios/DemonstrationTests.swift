// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// The main job as one command: two trust domains, workloads that call each other, every key changed meanwhile.
@Suite struct DemonstrationTests {
    @Test("S60 S61 S62 S63 S64: the demo's workloads call across the border, the wrong ones are refused, no call fails")
    func losesNoCall() async throws {
        let folder = try TemporaryFolder()
        try BuiltExecutable.link(into: folder)

        let demo = try await ToolCommand.run(folder.path("comity"), ["demo"])

        let told = demo.output + demo.errors
        #expect(demo.exitCode == 0, Comment(rawValue: told))
        for line in [
            "Starting...", "Created Newx509Source", "created HTTP client", "created JWTSource", "fetched JWT SVID",
            "Success!!!",
            "401 Invalid or unsupported authorization header", #"unexpected ID "spiffe://alpha.test/backend""#,
        ] {
            #expect(told.contains(line))
        }
        #expect(told.split(separator: "\n").contains { $0.contains("calls failed") && $0.hasSuffix(" 0") })
    }
}
