// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Finds out what the DNS of the cluster is called, by the full name of a service that every cluster has.
enum ClusterDomain {
    private static let service = "kubernetes.default.svc"
    private static let limit = Duration.seconds(5)

    /// `nil` when this is no pod of a cluster, or its DNS does not answer in time.
    static func detect() async -> String? {
        let (answers, continuation) = AsyncStream<String?>.makeStream()
        // The resolver blocks, so that it has a thread of its own; nobody waits for it longer than the limit.
        let thread = ResolverThread { continuation.yield(domain(ofCanonicalName: canonicalName())) }
        guard thread.start() else { return nil }
        return await withTaskGroup { group in
            group.addTask {
                for await answer in answers { return answer }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    static func domain(ofCanonicalName name: String?) -> String? {
        guard let name, name.hasPrefix(service + ".") else { return nil }
        let domain = name.dropFirst(service.count + 1)
        let trimmed = domain.hasSuffix(".") ? domain.dropLast() : domain
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    private static func canonicalName() -> String? {
        var hints = addrinfo()
        hints.ai_flags = AI_CANONNAME
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(service, nil, &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        return found.pointee.ai_canonname.map { String(cString: $0) }
    }
}
