// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where and as whom the own bundle is served.
package struct BundleEndpointConfiguration: Sendable, Hashable {
    package enum Profile: Sendable, Hashable {
        /// By the server's own X509-SVID.
        case httpsSPIFFE
        /// By a certificate of the Web PKI in files, looked at again after each interval.
        case httpsWeb(certificatePath: String, keyPath: String, syncInterval: Duration)
    }

    /// An IP address; nil is all interfaces.
    package var address: String?
    /// 0 lets the system choose.
    package var port: Int
    package var refreshHint: Duration
    package var profile: Profile

    init?(_ section: ConfigurationSection) {
        address = section.bindAddress()
        port = section.port("port") ?? 0
        if port == 0 {
            section.faults.warning(
                "\(section.path("port")) is not set, so the system chooses another one at each start", at: section.place
            )
        }
        refreshHint = section.refreshHint()
        let profile = section.endpointProfile()
        section.reportUnknownKeys(.error)
        guard let profile else { return nil }
        self.profile = profile
    }
}

extension ConfigurationSection {
    fileprivate func bindAddress() -> String? {
        guard let address = text("address") else { return nil }
        let literal = address.value.filter { $0 != "[" && $0 != "]" }
        var storage = in6_addr()
        if inet_pton(AF_INET, literal, &storage) == 1 || inet_pton(AF_INET6, literal, &storage) == 1 { return literal }
        faults.warning(
            "\(path("address")) is no IP address: \(address.value.quoted); all interfaces are used", at: address.place)
        return nil
    }

    fileprivate func refreshHint() -> Duration {
        guard let hint = duration("refresh_hint", as: "refresh_hint") else { return .minutes(5) }
        if hint.value >= .hours(24) {
            faults.warning(
                "Bundle endpoint refresh hint set to a high value. To cover the case of unscheduled trust bundle updates, "
                    + "it's recommended to have a smaller value, e.g. 5m", at: hint.place)
        }
        if hint.value < .minutes(1) {
            faults.warning(
                "Bundle endpoint refresh hint set too low. SPIRE will not refresh more often than 1 minute",
                at: hint.place)
        }
        return hint.value
    }

    fileprivate func endpointProfile() -> BundleEndpointConfiguration.Profile? {
        let acme = section("acme")
        let profile = section("profile")
        if let acme {
            if profile != nil {
                faults.error("either bundle endpoint 'acme' or 'profile' can be set, but not both", at: acme.place)
            }
            refuseACME(at: acme.place)
            return nil
        }
        guard let profile else {
            faults.warning(
                "Bundle endpoint is configured but has no profile set, using https_spiffe as default; please configure "
                    + "a profile explicitly. This will be fatal in a future release.", at: place)
            return .httpsSPIFFE
        }
        guard let member = profile.onlyProfile(entries("profile")) else { return nil }
        switch member.key {
        case "https_spiffe":
            return .httpsSPIFFE
        case "https_web":
            let block = ConfigurationSection(
                path("profile.https_web"), at: member.place, members: member.value.members ?? [], faults: faults)
            defer { block.reportUnknownKeys(.warning) }
            return block.webProfile()
        default:
            faults.error(
                "unknown bundle endpoint profile configured; current supported profiles are "
                    + "\"https_spiffe\" and \"https_web\"", at: member.place)
            return nil
        }
    }

    private func webProfile() -> BundleEndpointConfiguration.Profile? {
        let files = section("serving_cert_file")
        if let acme = section("acme") {
            refuseACME(at: acme.place)
            return nil
        }
        guard let files else {
            faults.error(
                "malformed https_web profile configuration: 'acme' or 'serving_cert_file' is required", at: place)
            return nil
        }
        defer { files.reportUnknownKeys(.warning) }
        let certificate = files.requiredText(
            "cert_file_path", missing: "\(files.path("cert_file_path")) must be configured")
        let key = files.requiredText("key_file_path", missing: "\(files.path("key_file_path")) must be configured")
        // SPIRE stops when the interval is left out; its default is what "0s" stands for.
        let interval = files.duration("file_sync_interval", as: "file_sync_interval")?.value ?? .zero
        guard let certificate, let key else { return nil }
        return .httpsWeb(
            certificatePath: certificate.value, keyPath: key.value,
            syncInterval: interval == .zero ? .hours(1) : interval)
    }

    private func refuseACME(at place: ConfigurationPlace) {
        faults.error(
            "\(path("acme")) is not supported yet", at: place,
            cure: "use profile \"https_spiffe\" {} or profile \"https_web\" { serving_cert_file { … } }")
    }
}
