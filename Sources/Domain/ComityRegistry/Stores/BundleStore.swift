// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Keeps the own bundle and foreign ones. All failures are ``RegistryError``.
package protocol BundleStore: Sendable {
    func bundle(of trustDomain: TrustDomain) async throws -> BundleRecord?
    func listBundles(page: PageRequest) async throws -> Page<BundleRecord>
    func countBundles() async throws -> Int
    /// Throws `alreadyExists`.
    func createBundle(_ record: BundleRecord) async throws
    /// Stores the record, replacing what was there.
    func setBundle(_ record: BundleRecord) async throws
    /// Writes the named fields of a bundle that is there; throws `notFound`.
    func updateBundle(_ record: BundleRecord, fields: Set<BundleField>) async throws -> BundleRecord
    /// Changes a bundle in one transaction, or makes it when there is none; the change gets an empty record then.
    /// Nothing is written when the record comes out as it went in.
    func changeBundle(
        of trustDomain: TrustDomain, _ change: @Sendable @escaping (inout BundleRecord) throws -> Void
    ) async throws -> BundleRecord
    func deleteBundle(of trustDomain: TrustDomain, _ mode: BundleDeletion) async throws
}
