// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import FoundationEssentials
import GRPCCore
import SPIFFE
import X509

/// Finds out who called: from the connection, the configuration and the entries.
struct CallerIdentification: Sendable {
    let adminIDs: Set<SPIFFEID>
    let entries: LiveEntryIndex

    func caller(_ context: ServerContext) throws -> Caller {
        guard let peer = context.peer else {
            throw RPCError(code: .unavailable, message: "connection has closed")
        }
        var caller = Caller()
        caller.address = peer.address
        if peer.local != nil {
            caller.isLocal = true
            return caller
        }
        caller.ipAddress = peer.ipAddress
        guard let tls = peer.tls else { return caller }
        let id = try Self.id(of: tls)
        let entries = entries.withIndex { $0.entries(for: id) }
        caller.id = id
        caller.isAdminByConfiguration = adminIDs.contains(id)
        caller.isAdminByEntry = entries.contains(where: \.isAdmin)
        caller.isDownstream = entries.contains(where: \.isDownstream)
        return caller
    }

    /// The handshake has proven the ID; its rules are looked at again in case another verification was configured.
    private static func id(of peer: TLSPeer) throws -> SPIFFEID {
        let uris = (try? peer.certificates.first?.extensions.subjectAlternativeNames)?.compactMap { name in
            if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
        }
        guard let uris, let uri = uris.first else {
            throw RPCError(code: .unauthenticated, message: "client certificate has no URI SAN")
        }
        guard uris.count == 1 else {
            throw RPCError(code: .unauthenticated, message: "client certificate has more than one URI SAN")
        }
        do {
            return try SPIFFEID(uri)
        } catch {
            throw RPCError(
                code: .unauthenticated, message: "client certificate has a malformed URI SAN: \(error.message)")
        }
    }
}
