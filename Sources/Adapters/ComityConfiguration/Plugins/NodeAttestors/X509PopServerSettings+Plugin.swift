// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

extension ConfigurationSection {
    func x509popServer() -> X509PopServerSettings {
        let trust = x509popTrust()
        var settings = X509PopServerSettings(trust: trust, template: agentPathTemplate())
        if let maximum = integer("max_intermediates", in: 1...15) { settings.maximumIntermediates = maximum }
        if let size = integer("max_rsa_key_size", in: 2048...X509PopServerSettings.largestRSAKeySize) {
            settings.maximumRSAKeySize = size
        }
        settings.verifiesClientAddress = flag("verify_client_ip") ?? false
        return settings
    }

    /// The texts are SPIRE's.
    private func x509popTrust() -> X509PopServerSettings.Trust {
        let mode = text("mode")
        let path = text("ca_bundle_path")
        let paths = texts("ca_bundle_paths")
        let prefix = text("spiffe_prefix")
        switch mode?.value ?? "external_pki" {
        case "external_pki":
            if let path, !paths.isEmpty {
                faults.error(
                    "only one of ca_bundle_path or ca_bundle_paths can be configured, not both", at: path.place)
            }
            if path == nil, paths.isEmpty {
                faults.error("one of ca_bundle_path or ca_bundle_paths must be configured", at: place)
            }
            return .files(path.map { [$0.value] } ?? paths.map(\.value))
        case "spiffe":
            if let file = path ?? paths.first {
                faults.error("you can not use ca_bundle_path or ca_bundle_paths in spiffe mode", at: file.place)
            }
            let prefix = prefix?.value ?? X509PopServerSettings.defaultPrefix
            return .trustDomain(prefix: prefix.hasSuffix("/") ? prefix : prefix + "/")
        case let other:
            faults.error(
                "mode \(other.quoted) is unknown; must be one of [external_pki, spiffe]", at: mode?.place ?? place)
            return .files([])
        }
    }
}
