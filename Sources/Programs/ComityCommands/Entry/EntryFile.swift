// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

/// Entries in JSON, as the `-data` flag takes them: `{"entries": [{"spiffe_id": …}]}`.
enum EntryFile {
    /// - Parameter path: `-` is standard input.
    /// - Throws: ``CommandError``.
    static func read(_ path: String) throws(CommandError) -> [Spire_Api_Types_Entry] {
        try entries(in: try InputFile.read(path))
    }

    /// - Throws: ``CommandError`` with code `input`; the message names the entry and the field.
    static func entries(in bytes: [UInt8]) throws(CommandError) -> [Spire_Api_Types_Entry] {
        let document = try JSONReader(bytes, name: "entries", members: ["entries"])
        guard let list = try document.list("entries"), !list.isEmpty else {
            throw CommandError(.input, "there are no entries in the data: it needs an \"entries\" list")
        }
        var entries: [Spire_Api_Types_Entry] = []
        for (index, value) in list.enumerated() {
            entries.append(try entry(JSONReader(value, name: "entry \(index)", members: members)))
        }
        return entries
    }

    private static let members: Set = [
        "entry_id", "spiffe_id", "parent_id", "selectors", "x509_svid_ttl", "jwt_svid_ttl", "federates_with", "admin",
        "downstream", "entry_expiry", "dns_names", "store_svid", "hint", "revision_number", "created_at",
        "disable_x509_svid_prefetch", "jwt_svid_include_jti", "additional_attributes",
    ]

    private static func entry(_ reader: JSONReader) throws(CommandError) -> Spire_Api_Types_Entry {
        var entry = Spire_Api_Types_Entry()
        entry.id = try reader.text("entry_id")
        entry.spiffeID = try Spire_Api_Types_SPIFFEID(argument: try reader.text("spiffe_id"))
        entry.parentID = try Spire_Api_Types_SPIFFEID(argument: try reader.text("parent_id"))
        entry.selectors = try selectors(reader)
        entry.x509SvidTtl = try reader.integer("x509_svid_ttl")
        entry.jwtSvidTtl = try reader.integer("jwt_svid_ttl")
        for name in try reader.texts("federates_with") {
            entry.federatesWith.append(try TrustDomain(argument: name).name)
        }
        entry.admin = try reader.bool("admin") ?? false
        entry.downstream = try reader.bool("downstream") ?? false
        entry.expiresAt = try reader.integer("entry_expiry")
        entry.dnsNames = try reader.texts("dns_names")
        entry.storeSvid = try reader.bool("store_svid") ?? false
        entry.hint = try reader.text("hint")
        try readAttributes(reader, into: &entry)
        if let attributes = try reader.object("additional_attributes", members: attributeNames) {
            try readAttributes(attributes, into: &entry)
        }
        return entry
    }

    private static let attributeNames: Set = ["disable_x509_svid_prefetch", "jwt_svid_include_jti"]

    private static func readAttributes(
        _ reader: JSONReader, into entry: inout Spire_Api_Types_Entry
    ) throws(CommandError) {
        if let value = try reader.bool("disable_x509_svid_prefetch") {
            entry.additionalAttributes.disableX509SvidPrefetch = value
        }
        if let value = try reader.bool("jwt_svid_include_jti") { entry.additionalAttributes.jwtSvidIncludeJti = value }
    }

    private static func selectors(_ reader: JSONReader) throws(CommandError) -> [Spire_Api_Types_Selector] {
        var selectors: [Spire_Api_Types_Selector] = []
        for (index, value) in (try reader.list("selectors") ?? []).enumerated() {
            let member = try JSONReader(
                value, name: "selector \(index) of \(reader.name)", members: ["type", "value"])
            var selector = Spire_Api_Types_Selector()
            selector.type = try member.text("type")
            selector.value = try member.text("value")
            selectors.append(selector)
        }
        return selectors
    }
}
