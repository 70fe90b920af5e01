// SPDX-License-Identifier: Apache-2.0

/// Authorities above for people.
enum UpstreamAuthorityText {
    /// - Parameter step: What was done, such as `Tainted`.
    static func one(_ step: String, keyID: String) -> String {
        "\(step) X.509 upstream authority:\n  Subject Key ID: \(keyID)\n"
    }
}
