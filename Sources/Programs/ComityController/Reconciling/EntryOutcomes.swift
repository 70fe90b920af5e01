// SPDX-License-Identifier: Apache-2.0

package import ComityResources
package import SPIFFE

/// Objects as they were read, and what is known of them after a pass.
package struct EntryOutcomes: Sendable {
    package var spiffeIDs: [(object: JSONValue, facts: ClusterSPIFFEIDFacts)] = []
    package var staticEntries: [(object: JSONValue, standing: ClusterStaticEntryStatus.Standing, warnings: [String])] =
        []

    package init() {}
}
