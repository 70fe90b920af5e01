// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import FoundationEssentials
import SPIFFE
import Synchronization

/// A server's authorities over a real database and real key files, at a time of the test's choosing.
final class AuthorityServer: Sendable {
    let trustDomain: TrustDomain
    let clock = SettableClock()
    let log = RecordedLog()
    let store: SQLStore
    let settings: AuthoritySettings
    private let folder: TemporaryFolder

    init(authorityTTL: TimeInterval = 86400, change: (inout AuthoritySettings) -> Void = { _ in }) throws {
        trustDomain = try TrustDomain("example.org")
        folder = try TemporaryFolder()
        store = try SQLStore(path: folder.path("datastore.sqlite3"), trustDomain: trustDomain)
        var settings = AuthoritySettings(
            trustDomain: trustDomain, authorityTTL: authorityTTL, jwtIssuer: "https://issuer.example.org")
        change(&settings)
        self.settings = settings
    }

    /// The server as it comes up from what lies on disk.
    func boot(upstream: (any UpstreamAuthority)? = nil) throws -> LocalAuthorities {
        LocalAuthorities(
            settings: settings, keys: try keys, bundles: store, journals: store, upstream: upstream, time: clock.time,
            logger: log.logger())
    }

    /// The server as it comes up, to die with the lifeline.
    func boot(dyingBy lifeline: Lifeline) throws -> LocalAuthorities {
        let store = MortalStore(store: store, lifeline: lifeline)
        return LocalAuthorities(
            settings: settings, keys: MortalKeys(keys: try keys, lifeline: lifeline), bundles: store, journals: store,
            time: clock.time, logger: log.logger())
    }

    /// What lies in the key file.
    var keys: DiskKeyManager {
        get throws { try DiskKeyManager(path: folder.path("keys.json")) }
    }

    var bundle: SPIFFEBundle {
        get async throws {
            try await store.bundle(of: trustDomain)?.bundle ?? SPIFFEBundle(trustDomain: trustDomain)
        }
    }
}

/// A clock that stands until it is set.
final class SettableClock: Sendable {
    private let value = Mutex(TestTime.now)

    var now: Date {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }

    var time: ServerTime {
        ServerTime(now: { self.now }, sleep: { try await Task.sleep(for: $0) })
    }
}

extension RecordedLog {
    /// The lines as `level message key=value …`, keys in order.
    var texts: [String] {
        lines.map { line in
            let fields = line.metadata.filter { $0.key != "subsystem_name" }.sorted { $0.key < $1.key }
            return (["\(line.level)", line.message] + fields.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
        }
    }
}
