// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Synchronization
import X509

/// An authority above whose root, bundle and absence a test decides on.
final class FakeUpstream: UpstreamAuthority {
    struct Away: Error {}

    private struct State {
        var root: TestCA
        var record: BundleRecord
        var isAway = false
        var takesKeys = true
        var minted = 0
    }

    private let trustDomain: TrustDomain
    private let state: Mutex<State>

    init(_ trustDomain: TrustDomain) throws {
        self.trustDomain = trustDomain
        let root = try TestCA(trustDomain.name)
        state = Mutex(State(root: root, record: BundleRecord(try root.bundle)))
    }

    var root: X509Authority { get throws { try X509Authority(state.withLock { $0.root }.root) } }
    var minted: Int { state.withLock { $0.minted } }
    var record: BundleRecord { state.withLock { $0.record } }

    func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }
    func refuseKeys() { state.withLock { $0.takesKeys = false } }

    /// Signs by a new root from now on, which is published beside the old one.
    func rotate() throws {
        let root = try TestCA(trustDomain.name)
        let authority = try X509Authority(root.root)
        try state.withLock { state in
            state.root = root
            try state.record.append(x509Authorities: [authority])
        }
    }

    func change(_ change: (inout BundleRecord) throws -> Void) throws {
        try state.withLock { try change(&$0.record) }
    }

    func mintX509CA(request: [UInt8], ttl: TimeInterval) async throws -> UnverifiedCAChain {
        let request = try VerifiedCertificateRequest(derBytes: request)
        let (root, roots) = try state.withLock { state in
            guard !state.isAway else { throw Away() }
            state.minted += 1
            return (state.root, state.record.bundle.x509Authorities)
        }
        let ca = try X509CATemplate(trustDomain: trustDomain, ttl: ttl).sign(
            request.publicKey, name: request.subject, by: X509Authority(root.certificate), key: root.key,
            now: TestTime.now)
        return UnverifiedCAChain(certificates: [ca], roots: roots)
    }

    func publish(_ authority: JWTAuthority, expiresAt: Date) async throws -> BundleRecord? {
        try state.withLock { state in
            guard !state.isAway else { throw Away() }
            guard state.takesKeys else { return nil }
            try state.record.append(jwtAuthorities: [authority], jwtExpirations: [authority.keyID: expiresAt])
            return state.record
        }
    }

    func bundle() async throws -> BundleRecord? {
        try state.withLock { state in
            guard !state.isAway else { throw Away() }
            return state.record
        }
    }
}
