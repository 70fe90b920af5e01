// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import FoundationEssentials
import GRPCCore
import WorkloadAPIProtos

/// `agent api watch`
struct WorkloadWatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Attaches to the Workload API and prints updates as they are received.")

    private static let pause = Duration.seconds(1)

    @OptionGroup var agent: AgentOptions

    /// Goes on until it is interrupted; an agent that is away is asked again.
    func run() async throws {
        var toldCure: String?
        while true {
            do {
                try await agent.connect(timeout: nil) { try await Self.watch($0) }
            } catch {
                Console.error("\(CommandError.text(of: error))\n")
                let cure = CommandCure.of(error, asking: .agent)
                if let cure, cure != toldCure { Console.hint(cure) }
                toldCure = cure
                if let error = error as? RPCError, error.code == .invalidArgument { throw ExitCode.failure }
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private static func watch(_ api: AgentAPI) async throws {
        let clock = ContinuousClock()
        try await api.workload.fetchX509SVID(Workload_X509SVIDRequest(), metadata: AgentAPI.securityHeader) {
            var last = clock.now
            for try await answer in $0.messages {
                let svids = try FetchedX509SVID.all(of: answer, at: Date())
                let federated = try FetchedX509SVID.federatedBundles(of: answer)
                let now = clock.now
                Console.out(X509SVIDText.answer(svids, federated: federated, after: now - last))
                last = now
            }
        }
    }
}
