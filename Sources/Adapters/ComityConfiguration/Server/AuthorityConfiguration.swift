// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import ComityTelemetry

/// The server's authorities and what they sign.
package struct AuthorityConfiguration: Sendable, Hashable {
    /// How long X.509 CAs and JWT keys live.
    package var authorityTTL: Duration
    package var x509KeyType: KeyType
    package var jwtKeyType: KeyType
    package var jwtIssuer: String?
    package var caSubject: CASubject
    package var disablesJWTSVIDs: Bool
    /// Whether the credential composer `uniqueid` is configured.
    package var addsUniqueID = false
    package var x509SVIDTTL: Duration
    package var jwtSVIDTTL: Duration
    /// How long the identity of an agent lives.
    package var agentTTL: Duration

    init(in server: ConfigurationSection) {
        authorityTTL = server.duration("ca_ttl", as: "default CA ttl")?.value ?? .hours(24)
        let keyType = server.keyType("ca_key_type")
        x509KeyType = keyType ?? .ecP256
        jwtKeyType = server.keyType("jwt_key_type") ?? keyType ?? .ecP256
        jwtIssuer = server.text("jwt_issuer")?.value
        let x509SVIDTTL = server.duration("default_x509_svid_ttl", as: "default X509 SVID ttl")
        let jwtSVIDTTL = server.duration("default_jwt_svid_ttl", as: "default JWT SVID ttl")
        let agentTTL = server.duration("agent_ttl", as: "agent ttl")
        self.x509SVIDTTL = x509SVIDTTL?.value ?? .hours(1)
        self.jwtSVIDTTL = jwtSVIDTTL?.value ?? .minutes(5)
        self.agentTTL = agentTTL?.value ?? self.x509SVIDTTL
        caSubject = server.caSubject()
        disablesJWTSVIDs = server.flag("disable_jwt_svids") ?? false
        warn(about: "default_x509_svid_ttl", self.x509SVIDTTL, at: x509SVIDTTL?.place, server.faults)
        warn(about: "default_jwt_svid_ttl", self.jwtSVIDTTL, at: jwtSVIDTTL?.place, server.faults)
        if let agentTTL { warn(about: "agent_ttl", agentTTL.value, at: agentTTL.place, server.faults) }
    }

    // MARK: - Lifetimes that rotation may cut short (SPIRE's wording)

    private static let longestGuaranteedTTL = Duration.hours(7 * 24)
    private static let shareOfAuthority = 6

    private func warn(about key: String, _ ttl: Duration, at place: ConfigurationPlace?, _ faults: FaultCollector) {
        let longest = Self.longestGuaranteedTTL
        let guaranteed = min(authorityTTL / Self.shareOfAuthority, longest)
        guard ttl > guaranteed else { return }
        let maximum = Self.text(guaranteed)
        let message =
            if ttl < longest {
                "\(key) is too high for the configured ca_ttl value. SVIDs with shorter lifetimes may be issued. "
                    + "Please set \(key) to \(maximum) or less, or the ca_ttl to \(Self.text(ttl * Self.shareOfAuthority)) "
                    + "or more, to guarantee the full \(key) lifetime when CA rotations are scheduled."
            } else if authorityTTL < longest * Self.shareOfAuthority {
                "\(key) is too high and the ca_ttl is too low. SVIDs with shorter lifetimes may be issued. "
                    + "Please set \(key) to \(Self.text(longest)) or less, and the ca_ttl to "
                    + "\(Self.text(longest * Self.shareOfAuthority)) or more, to guarantee the full \(key) lifetime "
                    + "when CA rotations are scheduled."
            } else {
                "\(key) is too high. SVIDs with shorter lifetimes may be issued. Please set \(key) to \(maximum) or less "
                    + "to guarantee the full \(key) lifetime when CA rotations are scheduled."
            }
        faults.warning(message, at: place)
    }

    /// Whole seconds, without trailing zero units: `4h`, `1h30m`.
    private static func text(_ duration: Duration) -> String {
        var text = Duration.seconds(duration.components.seconds).goText
        if text.hasSuffix("m0s") { text.removeLast(2) }
        if text.hasSuffix("h0m") { text.removeLast(2) }
        return text
    }
}

extension ConfigurationSection {
    /// `ca_subject`, as a block or a list of one.
    fileprivate func caSubject() -> CASubject {
        guard let subject = section("ca_subject") else { return .standard }
        let name = CASubject(
            countries: subject.texts("country").map(\.value), organizations: subject.texts("organization").map(\.value),
            commonName: subject.text("common_name")?.value)
        subject.reportUnknownKeys(.error)
        guard name != CASubject() else {
            faults.warning("ca_subject configurable is set but empty; the default will be used", at: subject.place)
            return .standard
        }
        return name
    }
}

extension Duration {
    static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
}
