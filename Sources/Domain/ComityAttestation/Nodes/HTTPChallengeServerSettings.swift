// SPDX-License-Identifier: Apache-2.0

/// Which nodes `http_challenge` lets in.
package struct HTTPChallengeServerSettings: Hashable, Sendable {
    /// Expressions of which one must match the host name; none lets every name in.
    package var allowedDNSPatterns: [HostNamePattern] = []
    package var requiredPort: Int?
    /// Whether agents may listen where every user can.
    package var allowsNonRootPorts = true
    /// Whether a name is believed once only, so that who holds it later gets nothing.
    package var trustsOnFirstUse = true

    package init() {}
}

/// A regular expression that host names are searched for.
package struct HostNamePattern: Hashable, Sendable {
    package let text: String

    /// - Throws: When the text is no regular expression.
    package init(_ text: String) throws {
        _ = try Regex(text)
        self.text = text
    }

    package func matches(_ name: String) -> Bool {
        // Compiled anew, since expressions are not Sendable; names are short and seldom looked at.
        guard let expression = try? Regex(text) else { return false }
        return name.firstMatch(of: expression.matchingSemantics(.unicodeScalar)) != nil
    }
}
