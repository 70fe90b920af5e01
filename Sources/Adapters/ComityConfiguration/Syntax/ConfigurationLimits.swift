// SPDX-License-Identifier: Apache-2.0

/// How much of a configuration file is read before it is refused.
package enum ConfigurationLimits {
    package static let maximumBytes = 1 << 20
    package static let maximumDepth = 32
}
