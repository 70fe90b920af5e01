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
}
