// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import ComityTransport
import GRPCCore
import Logging
import SPIFFE

/// The services of one server by listener, and what stands before them.
struct ServerAPIs: Sendable {
    let settings: ServerSettings
    let parts: ServerParts
    let time: ServerTime
    let levels: LogLevelSwitch

    /// On the port and on the socket. What is not there answers `Unimplemented`.
    var common: [any RegistrableRPCService] {
        let (trustDomain, store) = (settings.trustDomain, parts.store)
        return [
            AgentService(
                trustDomain: trustDomain, store: store,
                attestors: parts.attestors, issuers: parts.authorities.issuers,
                lifetimes: settings.authority.lifetimes, makesAgentIDSelector: settings.makesAgentIDSelector, time: time
            ),
            BundleService(
                trustDomain: trustDomain, store: store, authorities: parts.authorities,
                domainsWithSharedRoots: settings.domainsWithSharedRoots),
            EntryService(trustDomain: trustDomain, store: store, index: parts.index, now: time.now),
            TrustDomainService(
                trustDomain: trustDomain, store: store, refresher: parts.bundleClient,
                domainsWithSharedRoots: settings.domainsWithSharedRoots),
            FederationStatusService(configured: settings.relationships, store: store),
            OwnershipService(store: store),
            SVIDService(
                trustDomain: trustDomain, issuers: parts.authorities.issuers,
                policy: settings.authority.svidPolicy, index: parts.index,
                bundles: store, now: time.now),
            LocalAuthorityService(authorities: parts.authorities),
        ]
    }

    /// On the socket only.
    var local: [any RegistrableRPCService] {
        [
            HealthService(trustDomain: settings.trustDomain, store: parts.store),
            LoggerService(levels: levels),
            DebugService(trustDomain: settings.trustDomain, store: parts.store) {
                parts.authorities.identity.credential
            },
        ]
    }

    func interceptors(logger: Logger) -> [any ServerInterceptor] {
        let limits = RateLimits.standard(
            attestation: settings.limitsAttestationRate, signing: settings.limitsSigningRate)
        return [
            InstrumentInterceptor(parts.metrics.instruments),
            RequestLoggerInterceptor(logger: logger),
            AuthorizationInterceptor(
                policy: .standard.allowing(settings.allowedMethods), adminIDs: settings.adminIDs, entries: parts.index,
                store: parts.store, now: time.now),
            RateLimitInterceptor(limiter: RateLimiter(limits, time: time)),
        ]
    }
}
