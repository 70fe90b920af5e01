// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// One of the two trust domains: where its parts are and what they are called.
struct DemoDomain: Hashable, Sendable {
    let name: String
    /// Its own part of the scratch folder.
    let folder: String
    /// The path of its workload's SPIFFE ID.
    let workload: String
    let serverPort: Int
    let bundlePort: Int

    var id: String { "spiffe://\(name)" }
    var workloadID: String { "\(id)/\(workload)" }

    var serverConfiguration: String { "\(folder)/server.conf" }
    var agentConfiguration: String { "\(folder)/agent.conf" }
    var serverSocket: String { "\(folder)/server.sock" }
    var agentSocket: String { "\(folder)/agent.sock" }
    /// Its bundle as it gives it to agents and partners.
    var bundleFile: String { "\(folder)/bundle.json" }

    func log(_ program: String) -> String { "\(folder)/\(program).log" }

    func agentID(joinToken: String) -> String { "\(id)/spire/agent/join_token/\(joinToken)" }
}
