// SPDX-License-Identifier: Apache-2.0

import ComityClient
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf

/// What an operator should know after entries were stored: which bundles that they name are not there yet.
struct MissingBundleAdvice {
    private static let maximumTrustDomains = 20

    private let trustDomains: [String]

    /// - Parameter outcomes: Those that failed name nothing that matters.
    init(_ outcomes: [EntryOutcomes.Outcome]) {
        trustDomains = Set(outcomes.filter { $0.status.code == 0 }.flatMap(\.entry.federatesWith)).sorted()
            .prefix(Self.maximumTrustDomains).map { $0 }
    }

    /// Advice is never a reason to fail.
    func give(_ api: ServerAPI) async {
        for trustDomain in trustDomains where await isMissing(trustDomain, api) {
            Console.warn(
                "no bundle of \"\(trustDomain)\" is there yet; workloads have their identity now and get the bundle when it "
                    + "comes: bundle set, or federation create")
        }
    }

    private func isMissing(_ trustDomain: String, _ api: ServerAPI) async -> Bool {
        do {
            // Nothing of the bundle but its name.
            _ = try await api.bundles.getFederatedBundle(
                .with {
                    $0.trustDomain = trustDomain
                    $0.outputMask = .init()
                })
            return false
        } catch let error as RPCError {
            return error.code == .notFound
        } catch {
            return false
        }
    }
}
