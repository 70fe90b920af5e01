// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

/// Whether a name lies in a subtree of the same kind (RFC 5280 §4.2.1.10, decision D-16).
enum NameConstraint {
    /// The constraint cannot be decided for this name, which makes the path invalid.
    struct Unusable: Error {
        var reason: String
    }

    static func matches(_ name: GeneralName, _ subtree: GeneralName) throws(Unusable) -> Bool {
        switch (name, subtree) {
        case (.uniformResourceIdentifier(let uri), .uniformResourceIdentifier(let constraint)):
            try matches(uri: uri, constraint)
        case (.dnsName(let name), .dnsName(let constraint)):
            try matches(dns: name, constraint)
        case (.rfc822Name(let address), .rfc822Name(let constraint)):
            try matches(email: address, constraint)
        case (.ipAddress(let address), .ipAddress(let constraint)):
            try matches(address: Array(address.bytes), Array(constraint.bytes))
        case (.directoryName(let name), .directoryName(let constraint)):
            try DirectoryNameConstraint.matches(name, constraint)
        default:
            throw Unusable(reason: "names of this kind are not supported")
        }
    }

    // MARK: - URI: the host alone counts

    private static func matches(uri: String, _ constraint: String) throws(Unusable) -> Bool {
        guard let host = host(of: uri), isHostName(host) else {
            throw Unusable(reason: "URI has no host name")
        }
        guard !isIPv4Literal(host) else {
            throw Unusable(reason: "the host of the URI is an IP address")
        }
        if constraint.isEmpty { return true }
        let suffix = constraint.utf8.first == UInt8(ascii: ".") ? String(constraint.dropFirst()) : constraint
        guard isHostName(suffix[...]) else {
            throw Unusable(reason: "URI constraint is neither a host name nor a domain with a leading dot")
        }
        let host8 = lowercased(host.utf8), wanted = lowercased(constraint.utf8)
        return suffix == constraint ? host8 == wanted : hasSuffix(host8, wanted)
    }

    private static func host(of uri: String) -> Substring? {
        guard let colon = uri.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let rest = uri.utf8[uri.utf8.index(after: colon)...]
        guard rest.starts(with: "//".utf8) else { return nil }
        let authority = rest.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
        let afterUser = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[authority.index(after: $0)...] }
        return Substring((afterUser ?? authority).prefix { $0 != UInt8(ascii: ":") })
    }

    // MARK: - DNS: labels may be added on the left

    private static func matches(dns name: String, _ constraint: String) throws(Unusable) -> Bool {
        if constraint.isEmpty { return true }
        let name8 = lowercased(name.utf8), wanted = lowercased(constraint.utf8)
        if wanted.first == UInt8(ascii: ".") { return hasSuffix(name8, wanted) }
        return name8 == wanted || hasSuffix(name8, [UInt8(ascii: ".")] + wanted)
    }

    // MARK: - E-mail: one mailbox, all of a host, or all of a domain

    private static func matches(email address: String, _ constraint: String) throws(Unusable) -> Bool {
        guard let (mailbox, host) = split(email: address) else {
            throw Unusable(reason: "malformed e-mail address")
        }
        if let (wantedMailbox, wantedHost) = split(email: constraint) {
            return mailbox == wantedMailbox && host == wantedHost
        }
        let wanted = lowercased(constraint.utf8)
        if wanted.isEmpty { return true }
        return wanted.first == UInt8(ascii: ".") ? hasSuffix(host, wanted) : host == wanted
    }

    /// The local part keeps its case; the host is compared without.
    private static func split(email: String) -> (mailbox: [UInt8], host: [UInt8])? {
        guard let at = email.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        return (Array(email.utf8[..<at]), lowercased(email.utf8[email.utf8.index(after: at)...]))
    }

    // MARK: - IP: address and mask

    private static func matches(address: [UInt8], _ constraint: [UInt8]) throws(Unusable) -> Bool {
        guard constraint.count == 8 || constraint.count == 32 else {
            throw Unusable(reason: "IP constraint is not an address with a mask")
        }
        let size = constraint.count / 2
        guard address.count == size else { return false }
        return (0..<size).allSatisfy { (address[$0] ^ constraint[$0]) & constraint[size + $0] == 0 }
    }

    // MARK: - Text

    /// Labels of letters, digits, `-` and `_`; a single label counts (decision D-16).
    private static func isHostName(_ text: Substring) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.allSatisfy(isLabelByte)
        }
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isIPv4Literal(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func lowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    /// With at least one byte in front of the suffix.
    private static func hasSuffix(_ text: [UInt8], _ suffix: [UInt8]) -> Bool {
        text.count > suffix.count && text.suffix(suffix.count).elementsEqual(suffix)
    }
}
