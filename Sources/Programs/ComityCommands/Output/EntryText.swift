// SPDX-License-Identifier: Apache-2.0

import ServerAPIProtos

/// Entries for people.
enum EntryText {
    private static let width = 24

    static func block(_ entry: Spire_Api_Types_Entry) -> String {
        var lines = [
            line("Entry ID", entry.id.isEmpty ? "(none)" : entry.id),
            line("SPIFFE ID", entry.spiffeID.text),
            line("Parent ID", entry.parentID.text),
            line("Revision", "\(entry.revisionNumber)"),
        ]
        if entry.downstream { lines.append(line("Downstream", "true")) }
        lines.append(line("X509-SVID TTL", ttl(entry.x509SvidTtl)))
        lines.append(line("JWT-SVID TTL", ttl(entry.jwtSvidTtl)))
        if entry.expiresAt != 0 { lines.append(line("Expiration time", GoTime.utc(entry.expiresAt))) }
        lines += entry.selectors.map { line("Selector", "\($0.type):\($0.value)") }
        lines += entry.federatesWith.map { line("FederatesWith", $0) }
        lines += entry.dnsNames.map { line("DNS name", $0) }
        // What is rare is shown only where it is set.
        if entry.admin { lines.append(line("Admin", "true")) }
        if entry.storeSvid { lines.append(line("StoreSvid", "true")) }
        if !entry.hint.isEmpty { lines.append(line("Hint", entry.hint)) }
        if entry.additionalAttributes.disableX509SvidPrefetch { lines.append(line("DisableX509SvidPrefetch", "true")) }
        if entry.additionalAttributes.jwtSvidIncludeJti { lines.append(line("JwtSvidIncludeJti", "true")) }
        return lines.joined() + "\n"
    }

    static func list(_ entries: [Spire_Api_Types_Entry]) -> String {
        "Found \(GoText.count(entries.count, "entry", "entries"))\n" + entries.map(block).joined()
    }

    private static func ttl(_ seconds: Int32) -> String {
        seconds == 0 ? "default" : "\(seconds)"
    }

    private static func line(_ label: String, _ value: String) -> String {
        "\(label.padded(to: width)): \(value)\n"
    }
}

extension String {
    /// The text with spaces after it.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
