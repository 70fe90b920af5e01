// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A one-time secret that lets one agent in. Never written to logs or errors.
package struct JoinToken: Hashable, Sendable {
    package var value: String
    package var expiresAt: Date

    package init(value: String, expiresAt: Date) {
        self.value = value
        self.expiresAt = expiresAt
    }
}
