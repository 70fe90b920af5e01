// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension BundleStore {
    /// Looks whether a bundle that an operator gives holds keys of another one that is stored.
    ///
    /// - Throws: ``RegistryError`` with code `failedPrecondition`.
    package func check(_ record: BundleRecord, by ownership: AuthorityOwnership) async throws {
        let others = try await listBundles(page: .all).items.map(\.bundle)
        do {
            try ownership.check(record.bundle, against: others)
        } catch {
            throw RegistryError(.failedPrecondition, error.message)
        }
    }
}
