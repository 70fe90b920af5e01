// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAuthority
import ComityRegistry
import ComityTelemetry
import ComityWorkloads
import FoundationEssentials
import GRPCCore
import Logging
import SPIFFE
import Synchronization
import X509

/// The agent's own SVID: read back, attested for, rotated, given up. Only its ``run()`` replaces it.
final class AgentIdentity: Sendable {
    fileprivate static let keyIDs = ["agent-svid-A", "agent-svid-B"]
    /// An SVID with less left is not worth starting with.
    fileprivate static let shortestRemainder: TimeInterval = 1
    private static let retryInterval = Duration.seconds(5)

    let agentID: SPIFFEID
    private let base: Base
    private let logger: Logger
    private let alarm = Alarm()
    private let needsAttestation = Mutex(false)
    /// Hex key identifiers of authorities that lost trust since the last rotation.
    private let distrusted = Mutex(Set<String>())

    /// What an identity is made of and kept in.
    struct Base: Sendable {
        let trustDomain: TrustDomain
        let keys: any KeyManager
        let storage: AgentStorage
        let trust: ServerTrust
        let server: ServerClient
        let bundles: TrustBundleLoader
        /// `nil` when only a stored SVID can be used.
        let attestor: (any AgentNodeAttestor)?
        let rebootstrap: RebootstrapPolicy
        let serverAddress: String
        let serverPort: Int
        let instruments: Instruments
        let logger: Logger
    }

    private init(_ base: Base, agentID: SPIFFEID) {
        self.base = base
        // From here on it is the manager that speaks, as in SPIRE's log.
        logger = base.logger.with(.subsystemName, "manager")
        self.agentID = agentID
    }

    // MARK: - Beginning

    /// Takes up the stored identity, or attests the node for a new one.
    static func establish(_ base: Base) async throws -> AgentIdentity {
        let isNew = try await base.loadBundle()
        let stored = try await base.storedCredential()
        if let stored { base.trust.credential = stored }
        // What began to connect before knew neither.
        if isNew || stored != nil { try base.server.reconnect() }
        if let credential = stored {
            return AgentIdentity(base, agentID: credential.id)
        }
        base.logger.info("SVID is not found. Starting node attestation", metadata: base.trustDomainMetadata)
        let credential = try await base.attest()
        base.logger.info(
            "Node attestation was successful",
            metadata: [
                .spiffeID: "\(credential.id)", .reattestable: "\(base.storage.data.canReattest)",
                .trustDomainID: "\(base.trustDomain.id)",
            ])
        return AgentIdentity(base, agentID: credential.id)
    }

    /// Says whether this agent may begin anew when its bundle does not know the server.
    ///
    /// - Throws: ``AgentError`` with code `configuration` when it must be able to and is not.
    func checkRebootstrap() throws(AgentError) {
        guard base.rebootstrap.mode != .never, !base.storage.data.canReattest else { return }
        guard base.rebootstrap.mode == .auto else {
            throw AgentError(
                .configuration,
                "rebootstrap_mode is \"always\", but this node cannot prove itself again; set it to auto or never")
        }
        base.logger.warning("Node cannot prove itself again; rebootstrapping is off")
    }

    // MARK: - Going on

    /// Rotates the SVID until cancelled. Ends with an error when the server no longer wants this agent.
    func run() async throws -> Never {
        while true {
            try await alarm.wait(atMost: base.trust.credential.map { .until(rotationTime(of: $0)) })
            if needsAttestation.withLock({ value in
                defer { value = false }; return value
            }) {
                try await attestAgain()
                continue
            }
            guard let credential = base.trust.credential, rotationTime(of: credential) <= Date() else { continue }
            do {
                logger.debug("Rotating agent SVID")
                _ = try await base.instruments.measure(.agentSVIDRotate) {
                    try await base.storage.data.canReattest ? base.attest() : base.renew()
                }
                // A server that goes on signing by a key it distrusts must not be asked again and again.
                distrusted.withLock { $0 = [] }
            } catch {
                try Task.checkCancellation()
                logger.error("Could not rotate agent SVID", metadata: [.error: "\(error)"])
                try refused(error)
                try await alarm.wait(atMost: Self.retryInterval)
            }
        }
    }

    /// Takes over the own trust domain's bundle as the server has it now.
    func trust(_ bundle: SPIFFEBundle) {
        guard base.trust.bundle != bundle else { return }
        base.trust.bundle = bundle
        do throws(AgentError) {
            try base.storage.change { $0.authorities = bundle.x509Authorities }
        } catch {
            logger.error("Could not store bundle", metadata: [.error: "\(error)"])
        }
    }

    /// Rotates the SVID now if one of these keys signed it.
    func distrust(_ keyIDs: Set<String>) {
        distrusted.withLock { $0.formUnion(keyIDs) }
        alarm.ring()
    }

    /// Ends the agent when its bundle has not known the server for too long.
    ///
    /// - Throws: ``AgentError`` with code `shutdown`.
    func checkTrust() throws(AgentError) {
        try base.checkTrust()
    }

    /// Acts on what a server says that denies a call; other errors are none of its business.
    ///
    /// - Throws: ``AgentError`` with code `shutdown` when the agent has to end.
    func refused(_ error: any Error) throws(AgentError) {
        switch ServerRefusal(error) {
        case nil: return
        case .shutDown:
            logger.warning(
                "Agent is banned: removing SVID and shutting down", metadata: [.error: "\(error)"])
            throw base.giveUp(error)
        case .reattest:
            needsAttestation.withLock { $0 = true }
            alarm.ring()
        }
    }

    /// The same while the agent starts: there is nothing yet that would be worth going on for.
    ///
    /// - Throws: ``AgentError`` with code `shutdown` when the agent has to end.
    func refusedAtStart(_ error: any Error) throws(AgentError) {
        switch ServerRefusal(error) {
        case nil: return
        case .shutDown:
            logger.error("Agent is banned: removing SVID and shutting down", metadata: [.error: "\(error)"])
        case .reattest:
            logger.error(
                "Agent needs to re-attest: removing SVID and shutting down", metadata: [.error: "\(error)"])
        }
        throw base.giveUp(error)
    }

    private func attestAgain() async throws {
        logger.warning("Agent needs to re-attest; will attempt to re-attest")
        do {
            guard base.storage.data.canReattest else {
                throw AgentError(.attestation, "this node attestor proves a node once only")
            }
            let credential = try await base.attest()
            guard credential.id == agentID else {
                throw AgentError(.attestation, "server named this agent \(credential.id), which was \(agentID)")
            }
        } catch {
            try Task.checkCancellation()
            logger.error(
                "Agent failed re-attestation; removing SVID and shutting down", metadata: [.error: "\(error)"])
            throw base.giveUp(error)
        }
    }

    /// Drawn from the certificate itself, so that the time of one SVID does not change from look to look.
    private func rotationTime(of credential: X509Credential) -> Date {
        guard distrusted.withLock({ $0.isDisjoint(with: credential.certificates.signerKeyIDs) }) else {
            return .distantPast
        }
        let random = Double(credential.leaf.serialNumber.bytes.last ?? 0) / 256
        return RotationPolicy().rotationTime(
            notBefore: credential.notBefore, notAfter: credential.expiresAt, random: random)
    }
}

extension AgentIdentity.Base {
    fileprivate var trustDomainMetadata: Logger.Fields { [.trustDomainID: "\(trustDomain.id)"] }

    /// A stored bundle is read once; what was never confirmed by an attestation is asked for at each attempt.
    ///
    /// - Returns: Whether another server may be believed now than before.
    fileprivate func loadBundle() async throws -> Bool {
        let data = storage.data
        guard data.authorities.isEmpty else {
            guard trust.bundle == nil else { return false }
            trust.bundle = SPIFFEBundle(trustDomain: trustDomain, x509Authorities: data.authorities)
            logger.info("Bundle loaded", metadata: trustDomainMetadata)
            return true
        }
        logger.info("Bundle is not found", metadata: trustDomainMetadata)
        let start = data.bootstrapStart ?? Date()
        try storage.change {
            $0.bootstrapStart = start
            $0.connectionAttempts += 1
        }
        let bundle = try await bundles.load(
            BootstrapAttempt(
                isRepeated: data.isRebootstrapping, number: data.connectionAttempts, startedAt: start,
                serverAddress: serverAddress, serverPort: serverPort))
        let isNew = bundle.map { trust.bundle != $0 } ?? !trust.believesAnyServer
        trust.bundle = bundle
        trust.believesAnyServer = bundle == nil
        return isNew
    }

    /// - Throws: ``AgentError`` with code `shutdown`.
    func checkTrust() throws(AgentError) {
        let data = storage.data
        // Without a stored bundle there is nothing to forget.
        guard !data.authorities.isEmpty else { return }
        let action = rebootstrap.action(
            unknownSince: trust.unknownSince, now: Date(), canReattest: data.canReattest)
        switch action {
        case .goOn: return
        case .wait(let left):
            logger.warning(
                "Trust bundle does not know the server; rebootstrapping if that lasts",
                metadata: [.retryInterval: "\(Duration.seconds(left))"])
        case .begin:
            logger.warning("Trust bundle does not know the server; rebootstrapping", metadata: trustDomainMetadata)
            try storage.change { data in
                data.certificates = []
                data.authorities = []
                data.isRebootstrapping = true
            }
            throw AgentError(.shutdown, "shutting down for rebootstrapping")
        }
    }

    fileprivate func storedCredential() async throws -> X509Credential? {
        let certificates = storage.data.certificates.map(\.certificate)
        guard let leaf = certificates.first else {
            logger.info("No pre-existing agent SVID found. Will perform node attestation")
            return nil
        }
        guard let key = try await keys.keys().first(where: { $0.publicKey == leaf.publicKey }) else {
            logger.warning("SVID recovered, but no private key found. Generating new keypair.")
            return nil
        }
        let credential = try X509Credential(certificates: certificates, privateKey: key.certificateKey)
        guard credential.id.isMember(of: trustDomain),
            credential.expiresAt.timeIntervalSinceNow > AgentIdentity.shortestRemainder
        else {
            logger.warning("Private key recovered, but SVID is expired. Generating new keypair.")
            return nil
        }
        logger.info("SVID loaded", metadata: trustDomainMetadata)
        return credential
    }

    fileprivate func attest() async throws -> X509Credential {
        guard let attestor else {
            throw AgentError(.configuration, "no way to attest this node; set join_token or a NodeAttestor")
        }
        if let credential = trust.credential, credential.expiresAt <= Date() {
            // The server would refuse the connection for it.
            trust.credential = nil
            try server.reconnect()
        }
        let key = try await makeKey()
        let exchange = AttestationExchange(attestor: attestor, csr: try CertificateRequest.make(by: key))
        let answer = try await instruments.measure(.nodeAttestation, [.attestor: attestor.name]) {
            try await server.attest(exchange)
        }
        // On the same connection: what was believed for the attestation is believed for the bundle too.
        let bundle = try await server.bundle().bundle
        let beginning = storage.data
        let credential = try take(answer, key, bundle: bundle)
        instruments.tellBootstrap(beginning, now: Date())
        return credential
    }

    fileprivate func renew() async throws -> X509Credential {
        let key = try await makeKey()
        let answer = try await server.renew(csr: try CertificateRequest.make(by: key))
        return try take(answer, key, bundle: nil)
    }

    fileprivate func giveUp(_ error: any Error) -> AgentError {
        do throws(AgentError) {
            try storage.change { $0.certificates = [] }
        } catch {
            logger.error("Failed to remove SVID", metadata: [.error: "\(error)"])
        }
        return AgentError(.shutdown, "server no longer accepts this agent", cause: error)
    }

    /// A new key in the place that the present SVID does not use, so that a crash leaves that one whole.
    private func makeKey() async throws -> SigningKey {
        var free = AgentIdentity.keyIDs[0]
        if let current = trust.credential, let key = try await keys.key(id: free),
            key.publicKey == current.leaf.publicKey
        {
            free = AgentIdentity.keyIDs[1]
        }
        return try await keys.generateKey(id: free, type: .ecP256)
    }

    private func take(_ answer: AgentCertificates, _ key: SigningKey, bundle: SPIFFEBundle?) throws -> X509Credential {
        let credential = try X509Credential(
            certificates: answer.chain.map(\.certificate), privateKey: key.certificateKey)
        try credential.id.requireAgent(in: trustDomain)
        try storage.change { data in
            data.certificates = answer.chain
            if let bundle {
                data.authorities = bundle.x509Authorities
                data.canReattest = answer.canReattest
                data.isRebootstrapping = false
                data.connectionAttempts = 0
                data.bootstrapStart = nil
            }
        }
        if let bundle { trust.bundle = bundle }
        trust.credential = credential
        try server.reconnect()
        return credential
    }
}
