// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Which entries a server takes.
///
/// SPIRE refuses in two places with two texts; `check` is what its API says, `checkStorable` what its datastore says.
package struct EntryPolicy: Hashable, Sendable {
    package static let maximumHintLength = 1024
    private static let maximumIDLength = 255

    private let trustDomain: TrustDomain

    package init(trustDomain: TrustDomain) {
        self.trustDomain = trustDomain
    }

    /// Looks at the named fields.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package func check(
        _ entry: Entry, fields: Set<EntryField> = Set(EntryField.allCases)
    ) throws(RegistryError) {
        if fields.contains(.parentID) {
            try prefixing("invalid parent ID") { () throws(RegistryError) in
                try entry.parentID.requireMember(of: trustDomain)
            }
        }
        if fields.contains(.spiffeID) {
            try prefixing("invalid spiffe ID") { () throws(RegistryError) in
                try entry.spiffeID.requireWorkload(in: trustDomain)
            }
        }
        if fields.contains(.dnsNames) {
            for name in entry.dnsNames {
                try prefixing("invalid DNS name") { () throws(RegistryError) in _ = try DNSName(name) }
            }
        }
        if fields.contains(.selectors), entry.selectors.isEmpty {
            throw RegistryError(.invalidArgument, "selector list is empty")
        }
        if fields.contains(.hint) {
            try check(hint: entry.hint)
        }
    }

    /// Looks at what an entry must be as a whole, after an update has been applied.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package static func checkStorable(_ entry: Entry) throws(RegistryError) {
        guard let selector = entry.selectors.first else { throw fault("missing selector list") }
        if entry.storesSVID {
            guard entry.selectors.allSatisfy({ $0.type == selector.type }) else {
                throw fault("selector types must be the same when store SVID is enabled")
            }
            guard !entry.disablesX509SVIDPrefetch else {
                throw fault("X.509-SVID prefetch cannot be disabled when store SVID is enabled")
            }
        }
        try check(id: entry.id)
        guard entry.x509SVIDTTL >= 0 else { throw fault("X509SvidTtl is not set") }
        guard entry.jwtSVIDTTL >= 0 else { throw fault("JwtSvidTtl is not set") }
    }

    private func check(hint: String) throws(RegistryError) {
        guard hint.utf8.count <= Self.maximumHintLength else {
            throw RegistryError(
                .invalidArgument, "hint is too long, max length is \(Self.maximumHintLength) characters")
        }
        guard !hint.utf8.contains(0) else {
            throw RegistryError(.invalidArgument, "hint contains a NUL byte")
        }
    }

    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package static func check(id: String) throws(RegistryError) {
        guard id.utf8.count <= maximumIDLength else { throw fault("entry ID too long") }
        guard id.utf8.allSatisfy(isIDByte) else { throw fault("entry ID contains invalid characters") }
    }

    private static func isIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func fault(_ message: String) -> RegistryError {
        RegistryError(.invalidArgument, "datastore-validation: invalid registration entry: \(message)")
    }
}

/// Says what was being looked at when the check fails.
private func prefixing(_ prefix: String, _ check: () throws(RegistryError) -> Void) throws(RegistryError) {
    do {
        try check()
    } catch {
        throw RegistryError(error.code, "\(prefix): \(error.message)", cause: error.cause)
    }
}
