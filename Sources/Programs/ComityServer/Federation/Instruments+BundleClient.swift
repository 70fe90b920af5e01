// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import SPIFFE

extension Instruments {
    /// Counts and times a fetch, which is `nil` when it was given up.
    func fetching(
        _ trustDomain: TrustDomain, _ fetch: () async -> Result<BundleDocument, FederationFailure>?
    ) async -> Result<BundleDocument, FederationFailure>? {
        do {
            return .success(
                try await measure(.bundleFetch, [.trustDomainID: trustDomain.name]) {
                    guard let result = await fetch() else { throw CancellationError() }
                    return try result.get()
                })
        } catch let failure as FederationFailure {
            return .failure(failure)
        } catch {
            return nil
        }
    }

    func tell(_ notice: BundleClientNotice) {
        switch notice {
        case .refreshed(let trustDomain, changed: true, _):
            count(.bundleUpdate, [.trustDomainID: trustDomain.name])
        case .failed(let trustDomain, let failure):
            count(.refreshFailures, [.partner: trustDomain.name, .class: failure.class.rawValue])
        default: break
        }
    }
}
