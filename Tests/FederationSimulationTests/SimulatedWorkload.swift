// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityWorkloads
import FoundationEssentials
import SPIFFE
import X509

/// A workload beside its agent: what it holds, and what it verifies others by.
struct SimulatedWorkload {
    static let audience = "db"

    let id: SPIFFEID
    private let entry: Entry
    private let publicKey: Certificate.PublicKey
    private var cache: WorkloadCache
    /// All that it was ever given and that has not ended.
    private(set) var live: [LiveSVID] = []
    /// By whom it verifies whom, and which copy of theirs that is, counted.
    private(set) var trusted = BundleSet()
    private(set) var copies: [TrustDomain: Int] = [:]

    init(_ trustDomain: TrustDomain, federatesWith partners: [TrustDomain]) throws {
        id = try SPIFFEID(trustDomain: trustDomain, path: "/workload")
        var entry = Entry(
            id: "workload", spiffeID: id, parentID: try SPIFFEID(trustDomain: trustDomain, path: "/node"),
            selectors: [try Selector("unix:uid:1000")])
        entry.federatesWith = Set(partners)
        self.entry = entry
        publicKey = try SigningKey(generating: .ecP256, id: "leaf").publicKey
        cache = WorkloadCache(bundle: SPIFFEBundle(trustDomain: trustDomain))
        _ = cache.subscribe(1, entry.selectors, to: .svids, now: .distantPast)
    }

    var nextSigning: Date? { cache.nextSigningWork }

    /// The agent hears what the server has.
    mutating func sync(with server: SimulatedServer, at now: Date) {
        _ = cache.synced(
            entries: [entry.id: entry], bundle: server.own.bundle,
            bundles: BundleSet(server.foreign.values.map(\.bundle)), now: now)
        let update = cache.update(for: entry.selectors, now: now)
        var bundles = update.federatedBundles
        bundles[update.bundle.trustDomain] = update.bundle
        for trustDomain in Set(bundles.trustDomains + trusted.trustDomains)
        where bundles[trustDomain] != trusted[trustDomain] {
            copies[trustDomain, default: 0] += 1
        }
        trusted = bundles
    }

    /// Has the SVIDs that are due signed, and a token with each.
    ///
    /// - Returns: what is new.
    mutating func renew(by server: SimulatedServer, serial: inout Int, at now: Date) throws -> [LiveSVID] {
        var new: [LiveSVID] = []
        while let issuer = server.x509Issuer, let tokens = server.jwtIssuer {
            let work = cache.takeSigningWork(now: now, limit: 10)
            guard !work.isEmpty else { break }
            let ttl = RotationSchedule.longestSVIDTTL(authorityTTL: SimulatedServer.authorityTTL)
            for signing in work {
                let svid = try issuer.issue(
                    X509SVIDTemplate(id: signing.entry.spiffeID, publicKey: publicKey, ttl: ttl), now: now)
                let token = try tokens.issue(id: id, audience: [Self.audience], ttl: ttl, now: now)
                new.append(try LiveSVID(svid, by: issuer, serial: serial + 1))
                new.append(try LiveSVID(token, by: tokens, serial: serial + 2))
                serial += 2
                let given = WorkloadSVID(
                    spiffeID: svid.id, certificateChain: svid.certificateChain, privateKey: [],
                    notBefore: svid.issuedAt - X509Issuer.backdate, notAfter: svid.expiresAt)
                _ = cache.signed([(signing.entry, given)], now: now) { 0.5 }
            }
        }
        live += new
        return new
    }

    mutating func dropEnded(at now: Date) {
        live.removeAll { $0.notAfter <= now }
    }
}
