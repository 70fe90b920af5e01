// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import FoundationEssentials
import GRPCCore
import WorkloadAPIProtos

/// `agent api fetch x509`
struct WorkloadFetchX509: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "x509", abstract: "Fetches X509-SVIDs from the Workload API.")

    @OptionGroup var workload: WorkloadOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .flag("silent"), help: "Suppress stdout.")
    var silent = false

    @Option(name: .flag("write"), help: "Write SVID data to this directory (only with pretty output).")
    var write = ""

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let answer = try await workload.connect { api in
            try await api.workload.fetchX509SVID(Workload_X509SVIDRequest(), metadata: AgentAPI.securityHeader) {
                try await $0.first("X509-SVIDs")
            }
        }
        let elapsed = clock.now - start
        try output.print(answer.json) {
            let svids = try FetchedX509SVID.all(of: answer, at: Date())
            let federated = try FetchedX509SVID.federatedBundles(of: answer)
            if !silent { Console.out(X509SVIDText.answer(svids, federated: federated, after: elapsed)) }
            if !write.isEmpty { try X509SVIDFiles(folder: write).write(svids, federated: federated) }
            return ""
        }
    }
}
