// SPDX-License-Identifier: Apache-2.0

/// What this build calls itself.
package enum ComityVersion {
    package static let current = "0.1.0-dev"
}
