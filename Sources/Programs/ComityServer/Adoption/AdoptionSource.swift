// SPDX-License-Identifier: Apache-2.0

package import ComityStorage

/// What a stopped SPIRE server left.
package struct AdoptionSource: Hashable, Sendable {
    package var database: SPIRESource
    /// Its `keys.json`.
    package var keysPath: String
    /// Its `journal.pem`, for the SPIRE that did not keep the journal in the database.
    package var journalPath: String?

    package init(database: SPIRESource, keysPath: String, journalPath: String? = nil) {
        self.database = database
        self.keysPath = keysPath
        self.journalPath = journalPath
    }
}
