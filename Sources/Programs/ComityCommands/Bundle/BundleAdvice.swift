// SPDX-License-Identifier: Apache-2.0

import ComityClient
import ComityRegistry
import ComityWire
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// What an operator should know after a bundle was stored: whether anything keeps it fresh, and the step after.
struct BundleAdvice {
    enum RefreshSource {
        case relationship, none
        /// The server cannot tell of relationships in its configuration file.
        case unknown
    }

    private let lifetime: BundleLifetime
    private let trustDomain: TrustDomain

    init(bundle: SPIFFEBundle, of trustDomain: TrustDomain) {
        lifetime = BundleLifetime(of: bundle)
        self.trustDomain = trustDomain
    }

    /// Advice is never a reason to fail.
    func give(_ api: ServerAPI) async {
        if let warning = warning(await refreshSource(api)) { Console.warn(warning) }
        Console.hint(nextStep)
    }

    var nextStep: String {
        "workloads get this bundle when their entry names the trust domain: entry create … -federatesWith "
            + trustDomain.id.uri
    }

    /// - Returns: `nil` when something keeps the bundle fresh.
    func warning(_ source: RefreshSource) -> String? {
        let condition: String
        switch source {
        case .relationship: return nil
        case .none: condition = "nothing refreshes this bundle"
        case .unknown:
            condition = "unless the server's configuration file names \(trustDomain), nothing refreshes this bundle"
        }
        let end = lifetime.firstExpiry.map {
            "; its first authority ends at \($0.formatted(.iso8601)), and SVIDs of newer authorities fail before"
        }
        return "\(condition)\(end ?? ""): repeat bundle set, or use federation create"
    }

    private func refreshSource(_ api: ServerAPI) async -> RefreshSource {
        do {
            _ = try await api.federationStatus.getFederationStatus(.with { $0.trustDomain = trustDomain.name })
            return .relationship
        } catch let error as RPCError where error.code == .notFound {
            return .none
        } catch {
            // A SPIRE server: only relationships made by commands can be asked for.
            let known = try? await api.trustDomains.getFederationRelationship(
                .with { $0.trustDomain = trustDomain.name })
            return known == nil ? .unknown : .relationship
        }
    }
}
