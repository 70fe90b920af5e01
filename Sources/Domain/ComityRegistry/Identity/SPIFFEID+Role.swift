// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

extension SPIFFEID {
    private static let reservedPath = "/spire"
    private static let serverPath = "/spire/server"
    private static let agentPrefix = "/spire/agent/"

    /// The ID of the server itself, which is also the parent of node aliases.
    package static func server(of trustDomain: TrustDomain) -> SPIFFEID {
        guard let id = try? SPIFFEID(trustDomain: trustDomain, path: serverPath) else {
            fatalError("\(serverPath) is a valid path within the length limit")
        }
        return id
    }

    /// Says whether the path belongs to the servers and agents, never to a workload.
    package var isReserved: Bool {
        path == Self.reservedPath || path.utf8.starts(with: "\(Self.reservedPath)/".utf8)
    }

    /// - Throws: ``RegistryError`` with code `invalidArgument` unless the ID is in the trust domain and has a path.
    package func requireMember(of trustDomain: TrustDomain) throws(RegistryError) {
        try requireTrustDomain(trustDomain)
        guard !path.isEmpty else {
            throw RegistryError(
                .invalidArgument, "\"\(uri)\" is not a member of trust domain \"\(trustDomain)\"; path is empty")
        }
    }

    /// - Throws: ``RegistryError`` with code `invalidArgument` unless a workload of the trust domain may have the ID.
    package func requireWorkload(in trustDomain: TrustDomain) throws(RegistryError) {
        try requireTrustDomain(trustDomain)
        guard !path.isEmpty else {
            throw RegistryError(
                .invalidArgument, "\"\(uri)\" is not a workload in trust domain \"\(trustDomain)\"; path is empty")
        }
        guard !isReserved else {
            throw RegistryError(
                .invalidArgument,
                "\"\(uri)\" is not a workload in trust domain \"\(trustDomain)\"; path is in the reserved namespace")
        }
    }

    /// - Throws: ``RegistryError`` with code `invalidArgument` unless an agent of the trust domain may have the ID.
    package func requireAgent(in trustDomain: TrustDomain) throws(RegistryError) {
        try requireTrustDomain(trustDomain)
        guard !path.isEmpty else {
            throw RegistryError(
                .invalidArgument, "\"\(uri)\" is not an agent in trust domain \"\(trustDomain)\"; path is empty")
        }
        guard path.utf8.starts(with: Self.agentPrefix.utf8) else {
            throw RegistryError(
                .invalidArgument,
                "\"\(uri)\" is not an agent in trust domain \"\(trustDomain)\"; path is not in the agent namespace")
        }
    }

    private func requireTrustDomain(_ trustDomain: TrustDomain) throws(RegistryError) {
        guard isMember(of: trustDomain) else {
            throw RegistryError(.invalidArgument, "\"\(uri)\" is not a member of trust domain \"\(trustDomain)\"")
        }
    }
}
