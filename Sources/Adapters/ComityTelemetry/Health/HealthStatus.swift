// SPDX-License-Identifier: Apache-2.0

/// What one check found.
package struct HealthStatus: Sendable, Hashable {
    /// In a good state, or in one that it can get out of by itself.
    package var isLive: Bool
    /// Able to do its work now.
    package var isReady: Bool
    /// Shown to whoever asks, such as `get_bundle_err`: never a secret.
    package var details: [String: String]

    package init(isLive: Bool, isReady: Bool, details: [String: String] = [:]) {
        self.isLive = isLive
        self.isReady = isReady
        self.details = details
    }

    package static let healthy = HealthStatus(isLive: true, isReady: true)

    package static func failing(_ key: String, _ reason: String, isLive: Bool = false) -> HealthStatus {
        HealthStatus(isLive: isLive, isReady: false, details: [key: reason])
    }

    /// SPIRE's words for what is wrong; nil when nothing is.
    var problem: String? {
        switch (isLive, isReady) {
        case (true, true): nil
        case (false, true): "subsystem is not live"
        case (true, false): "subsystem is not ready"
        case (false, false): "subsystem is not live or ready"
        }
    }
}
