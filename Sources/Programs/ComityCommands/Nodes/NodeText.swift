// SPDX-License-Identifier: Apache-2.0

import ServerAPIProtos

/// Agents for people.
enum NodeText {
    private static let width = 18

    static func block(_ agent: Spire_Api_Types_Agent) -> String {
        var lines = [
            line("SPIFFE ID", agent.id.text),
            line("Attestation type", agent.attestationType),
            line("Expiration time", GoTime.local(agent.x509SvidExpiresAt)),
            // A banned agent has no serial number any more.
            agent.banned ? line("Banned", "true") : line("Serial number", agent.x509SvidSerialNumber),
            line("Can re-attest", "\(agent.canReattest)"),
        ]
        if !agent.agentVersion.isEmpty { lines.append(line("Agent version", agent.agentVersion)) }
        return lines.joined() + "\n"
    }

    static func list(_ agents: [Spire_Api_Types_Agent]) -> String {
        guard !agents.isEmpty else { return "No attested agents found\n" }
        return "Found \(GoText.count(agents.count, "attested agent", "attested agents")):\n\n"
            + agents.map(block).joined()
    }

    static func details(_ agent: Spire_Api_Types_Agent) -> String {
        "Found an attested agent given its SPIFFE ID\n\n" + block(agent)
            + agent.selectors.map { line("Selectors", "\($0.type):\($0.value)") }.joined()
    }

    private static func line(_ label: String, _ value: String) -> String {
        "\(label.padded(to: width)): \(value)\n"
    }
}
