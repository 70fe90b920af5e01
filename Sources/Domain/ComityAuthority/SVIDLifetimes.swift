// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// How long SVIDs live, in seconds, when nobody says otherwise.
package struct SVIDLifetimes: Hashable, Sendable {
    package var x509: TimeInterval
    package var jwt: TimeInterval
    /// For agents; `nil` stands for ``x509``.
    package var agent: TimeInterval?

    package init(x509: TimeInterval = 3600, jwt: TimeInterval = 300, agent: TimeInterval? = nil) {
        self.x509 = x509
        self.jwt = jwt
        self.agent = agent
    }

    /// What a request or an entry asks for in seconds, where 0 or less stands for the default.
    package func x509(asked: Int32) -> TimeInterval { asked > 0 ? TimeInterval(asked) : x509 }

    /// What a request or an entry asks for in seconds, where 0 or less stands for the default.
    package func jwt(asked: Int32) -> TimeInterval { asked > 0 ? TimeInterval(asked) : jwt }

    package var ofAgents: TimeInterval { agent ?? x509 }

    /// Warnings about lifetimes that an authority of the given life cannot always grant, in SPIRE's words.
    package func warnings(authorityTTL: TimeInterval) -> [String] {
        let named =
            [("default_x509_svid_ttl", x509), ("default_jwt_svid_ttl", jwt)] + (agent.map { [("agent_ttl", $0)] } ?? [])
        return named.compactMap { Self.warning($0, ttl: $1, authorityTTL: authorityTTL) }
    }

    private static func warning(_ name: String, ttl: TimeInterval, authorityTTL: TimeInterval) -> String? {
        guard ttl > RotationSchedule.longestSVIDTTL(authorityTTL: authorityTTL) else { return nil }
        let ceiling = RotationSchedule.longestSVIDTTL(authorityTTL: .infinity)
        let floor = RotationSchedule.shortestAuthorityTTL(svidTTL: min(ttl, ceiling))
        let cause: String
        var advice = "Please set \(name) to \(text(ceiling)) or less"
        switch (ttl > ceiling, authorityTTL < floor) {
        case (false, _):
            cause = "is too high for the configured ca_ttl value"
            advice =
                "Please set \(name) to \(text(RotationSchedule.longestSVIDTTL(authorityTTL: authorityTTL))) or less, "
                + "or the ca_ttl to \(text(floor)) or more"
        case (true, true):
            cause = "is too high and the ca_ttl is too low"
            advice += " and the ca_ttl to \(text(floor)) or more"
        case (true, false):
            cause = "is too high"
        }
        return """
            \(name) \(cause). SVIDs with shorter lifetimes may be issued. \(advice), to guarantee the full \(name) \
            lifetime when CA rotations are scheduled.
            """
    }

    /// As Go prints a duration, without the parts that are zero at its end.
    private static func text(_ seconds: TimeInterval) -> String {
        let whole = Int(seconds)
        let parts = [(whole / 3600, "h"), (whole / 60 % 60, "m"), (whole % 60, "s")]
        let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
        return text.isEmpty ? "0s" : text
    }
}
