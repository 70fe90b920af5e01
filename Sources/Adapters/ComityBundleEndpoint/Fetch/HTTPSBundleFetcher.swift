// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
package import NIOCore
import NIOPosix
package import NIOSSL
package import SPIFFE

/// Gets bundles by HTTPS: `https_web` by Web PKI and host name, `https_spiffe` by SPIFFE ID (Federation §5.2).
///
/// Each fetch begins at the configured URL and verifies every endpoint that a redirect leads to in the same way.
package struct HTTPSBundleFetcher: BundleFetcher {
    let limits: FetchLimits
    let proxies: ProxySettings
    let webRoots: [NIOSSLCertificate]
    let group: any EventLoopGroup
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - proxies: asked for tunnels; what holds for the endpoint holds through them.
    ///   - webRoots: trusted for `https_web` besides the roots of the system.
    ///   - now: the time at which certificates have to be valid.
    package init(
        limits: FetchLimits = FetchLimits(), proxies: ProxySettings = ProxySettings(),
        webRoots: [NIOSSLCertificate] = [],
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.limits = limits
        self.proxies = proxies
        self.webRoots = webRoots
        self.group = group
        self.now = now
    }

    package func fetchBundle(
        of relationship: FederationRelationship, trusting trusted: SPIFFEBundle?
    ) async throws -> BundleDocument {
        let verification = try verification(for: relationship.profile, trusting: trusted)
        let deadline = NIODeadline.now() + TimeAmount(limits.deadline)
        var url = try endpointURL(relationship.bundleEndpointURL)
        for _ in 0...limits.maximumRedirects {
            let exchange = HTTPExchange(
                url: url, proxy: try proxies.proxy(for: url), proxyRoots: webRoots, verification: verification,
                limits: limits, deadline: deadline)
            let response = try await exchange.perform(on: group.any())
            guard let location = response.redirect else {
                return try document(from: response, of: relationship.trustDomain)
            }
            url = try redirected(url, to: location)
        }
        throw FederationFailure.fetching(
            .redirect, "endpoint redirected more than \(limits.maximumRedirects) times, last to \(url)")
    }

    private func verification(
        for profile: FederationRelationship.Profile, trusting trusted: SPIFFEBundle?
    ) throws -> EndpointVerification {
        switch profile {
        case .httpsWeb:
            return .web(additionalRoots: webRoots)
        case .httpsSPIFFE(let endpointID):
            guard let trusted, trusted.trustDomain == endpointID.trustDomain else {
                throw FederationFailure.noBundle(of: endpointID.trustDomain)
            }
            return .spiffe(endpointID, trusted, now: now)
        }
    }

    func endpointURL(_ text: String) throws -> BundleEndpointURL {
        do {
            return try BundleEndpointURL(text)
        } catch {
            throw FederationFailure.fetching(.connect, "\(error)")
        }
    }

    private func redirected(_ url: BundleEndpointURL, to location: String) throws -> BundleEndpointURL {
        guard limits.maximumRedirects > 0 else {
            throw FederationFailure.fetching(.redirect, "endpoint redirects, which is turned off")
        }
        do {
            return try url.redirected(to: location)
        } catch {
            let shown = ForeignText(location).description
            throw FederationFailure.fetching(.redirect, "endpoint redirects to \"\(shown)\": \(error)")
        }
    }

    private func document(from response: EndpointAnswer, of trustDomain: TrustDomain) throws -> BundleDocument {
        try requireSuccess(response)
        do {
            return try BundleDocument(parsing: Array(buffer: response.body), trustDomain: trustDomain)
        } catch {
            throw FederationFailure.fetching(.document, "failed to parse bundle: \(ForeignText("\(error)"))")
        }
    }

    func requireSuccess(_ response: EndpointAnswer) throws {
        guard response.status == 200 else {
            let body = ForeignText(response.body.readableBytesView).description
            throw FederationFailure.fetching(
                .httpStatus, "unexpected status \(response.status) fetching bundle: \(body)")
        }
    }
}
