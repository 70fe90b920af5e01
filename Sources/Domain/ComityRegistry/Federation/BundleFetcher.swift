// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Gets the bundle of a partner from its endpoint.
package protocol BundleFetcher: Sendable {
    /// - Parameters:
    ///   - relationship: whose bundle, from where, and how the endpoint proves itself.
    ///   - trusted: for `https_spiffe` the stored bundle of the trust domain of the endpoint's ID; `nil` when there is none.
    /// - Throws: ``FederationFailure``, or `CancellationError` as soon as the task is cancelled.
    func fetchBundle(
        of relationship: FederationRelationship, trusting trusted: SPIFFEBundle?
    ) async throws -> BundleDocument
}
