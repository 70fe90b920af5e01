// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

extension ConfigurationSection {
    private static let maximumAttempts = 100_000

    func kubernetesAttestor() -> KubernetesAttestorSettings {
        var settings = KubernetesAttestorSettings()
        settings.connection = kubeletConnection()
        settings.nodeName = text("node_name")?.value
        settings.nodeNameVariable = text("node_name_env")?.value ?? settings.nodeNameVariable
        settings.maximumAttempts =
            integer("max_poll_attempts", in: 1...Self.maximumAttempts) ?? settings.maximumAttempts
        if let interval = duration("poll_retry_interval", as: "poll retry interval")?.value, interval > .zero {
            settings.retryInterval = interval
        }
        settings.tellsContainers = !(flag("disable_container_selectors") ?? false)
        // Credentials are read each time, and there is one way to find containers.
        _ = duration("reload_interval", as: "reload interval")
        for key in ["use_new_container_locator", "verbose_container_locator_logs"] { _ = flag(key) }
        // An operator writes it beside the key that counts.
        withoutEffect("verify_kubelet_certificate", "the kubelet is verified unless skip_kubelet_verification is set")
        unsupported("sigstore", cure: "signatures of images are not verified yet; remove it")
        unsupported("enable_namespace_labels", cure: "only the kubelet is asked, which knows no namespaces; remove it")
        unsupported("disable_kubelet_client", cure: "pods are known from the kubelet only; remove it")
        unsupported("experimental")
        return settings
    }

    private func kubeletConnection() -> KubernetesAttestorSettings.Connection {
        let plain = port("kubelet_read_only_port")
        let secure = port("kubelet_secure_port")
        let authorityPath = text("kubelet_ca_path")?.value ?? KubernetesAttestorSettings.defaultAuthorityPath
        let skipsVerification = flag("skip_kubelet_verification") ?? false
        let credential = kubeletCredential()
        guard let plain else {
            return .secure(
                port: secure ?? KubernetesAttestorSettings.defaultPort,
                authorityPath: skipsVerification ? nil : authorityPath, credential)
        }
        if secure != nil { faults.error("cannot use both the read-only and secure port", at: place) }
        return .plain(port: plain)
    }

    private func kubeletCredential() -> KubernetesAttestorSettings.Credential {
        let token = text("token_path")
        let certificate = text("certificate_path")
        let key = text("private_key_path")
        if flag("use_anonymous_authentication") ?? false { return .none }
        switch (certificate, key) {
        case (let certificate?, let key?): return .certificate(path: certificate.value, keyPath: key.value)
        case (let certificate?, nil):
            faults.error("the private key path is required with the certificate path", at: certificate.place)
        case (nil, let key?):
            faults.error("the certificate path is required with the private key path", at: key.place)
        case (nil, nil): break
        }
        return .token(path: token?.value ?? KubernetesAttestorSettings.defaultTokenPath)
    }
}
