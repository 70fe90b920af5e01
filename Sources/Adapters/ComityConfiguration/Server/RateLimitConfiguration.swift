// SPDX-License-Identifier: Apache-2.0

/// Which kinds of request are limited per source address (`ratelimit`).
package struct RateLimitConfiguration: Sendable, Hashable {
    package var limitsAttestation = true
    package var limitsSigning = true

    init(in server: ConfigurationSection) {
        guard let section = server.section("ratelimit") else { return }
        limitsAttestation = section.flag("attestation") ?? true
        limitsSigning = section.flag("signing") ?? true
        section.reportUnknownKeys(.error)
    }
}
