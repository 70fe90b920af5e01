// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SPIFFE
import ServerAPIProtos

/// The fields of one entry as flags.
struct EntryFlags: ParsableArguments {
    @Option(name: .flag("entryID"), help: "The entry ID.")
    var entryID = ""

    @Option(name: .flag("parentID"), help: "The SPIFFE ID of this record's parent.")
    var parentID = ""

    @Option(name: .flag("spiffeID"), help: "The SPIFFE ID that this record represents.")
    var spiffeID = ""

    @Option(name: .flag("selector"), help: "A colon-delimited type:value selector. Can be used more than once.")
    var selector: [String] = []

    @Option(
        name: .flag("federatesWith"),
        help: "SPIFFE ID of a trust domain to federate with. Can be used more than once.")
    var federatesWith: [String] = []

    @Option(name: .flag("dns"), help: "A DNS name that will be included in SVIDs. Can be used more than once.")
    var dns: [String] = []

    @Option(name: .flag("x509SVIDTTL"), help: "The lifetime, in seconds, of X509-SVIDs (0: server default).")
    var x509SVIDTTL: Int32 = 0

    @Option(name: .flag("jwtSVIDTTL"), help: "The lifetime, in seconds, of JWT-SVIDs (0: server default).")
    var jwtSVIDTTL: Int32 = 0

    @Option(name: .flag("entryExpiry"), help: "When the entry ends, in seconds since 1970 (0: never).")
    var entryExpiry: Int64 = 0

    @Option(name: .flag("hint"), help: "What the identity is for, told to the workload.")
    var hint = ""

    @Flag(name: .flag("admin"), help: "The SPIFFE ID may use the server's management APIs.")
    var admin = false

    @Flag(name: .flag("downstream"), help: "The entry describes a downstream server.")
    var downstream = false

    @Flag(name: .flag("storeSVID"), help: "The SVID is stored by an SVIDStore plugin.")
    var storeSVID = false

    @Flag(
        name: .flag("disableX509SVIDPrefetch"), inversion: .prefixedNo,
        help: "X509-SVIDs are signed only when a workload asks.")
    var disableX509SVIDPrefetch: Bool?

    @Flag(name: .flag("jwtSVIDIncludeJTI"), inversion: .prefixedNo, help: "JWT-SVIDs carry a jti claim.")
    var jwtSVIDIncludeJTI: Bool?

    /// - Parameter isNode: Whether the server itself is the parent.
    /// - Throws: ``CommandError`` with code `input`.
    func entry(isNode: Bool = false) throws(CommandError) -> Spire_Api_Types_Entry {
        try check(isNode: isNode)
        var entry = Spire_Api_Types_Entry()
        entry.id = entryID
        entry.spiffeID = try Spire_Api_Types_SPIFFEID(argument: spiffeID)
        if isNode {
            entry.parentID.trustDomain = entry.spiffeID.trustDomain
            entry.parentID.path = "/spire/server"
        } else {
            entry.parentID = try Spire_Api_Types_SPIFFEID(argument: parentID)
        }
        for text in selector { entry.selectors.append(try Spire_Api_Types_Selector(argument: text)) }
        for text in federatesWith { entry.federatesWith.append(try TrustDomain(argument: text).name) }
        entry.dnsNames = dns
        entry.x509SvidTtl = x509SVIDTTL
        entry.jwtSvidTtl = jwtSVIDTTL
        entry.expiresAt = entryExpiry
        entry.hint = hint
        entry.admin = admin
        entry.downstream = downstream
        entry.storeSvid = storeSVID
        if disableX509SVIDPrefetch != nil || jwtSVIDIncludeJTI != nil {
            entry.additionalAttributes.disableX509SvidPrefetch = disableX509SVIDPrefetch ?? false
            entry.additionalAttributes.jwtSvidIncludeJti = jwtSVIDIncludeJTI ?? false
        }
        return entry
    }

    /// In SPIRE's order and words.
    private func check(isNode: Bool) throws(CommandError) {
        if selector.isEmpty { throw CommandError(.input, "at least one selector is required") }
        if isNode, !federatesWith.isEmpty { throw CommandError(.input, "node entries can not federate") }
        if !isNode, parentID.isEmpty {
            throw CommandError(.input, "a parent ID is required if the node flag is not set")
        }
        if spiffeID.isEmpty { throw CommandError(.input, "a SPIFFE ID is required") }
        if x509SVIDTTL < 0 { throw CommandError(.input, "a positive x509-SVID TTL is required") }
        if jwtSVIDTTL < 0 { throw CommandError(.input, "a positive JWT-SVID TTL is required") }
    }
}
