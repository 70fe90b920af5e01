// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityRegistry
import ComityWire
import SPIFFE
import ServerAPIProtos

/// The fields of one relationship as flags, or many in a file.
struct FederationFlags: ParsableArguments {
    @Option(name: .flag("trustDomain"), help: "Name of the trust domain to federate with.")
    var trustDomain = ""

    @Option(name: .flag("bundleEndpointURL"), help: "URL of the bundle endpoint (must use HTTPS).")
    var bundleEndpointURL = ""

    @Option(name: .flag("bundleEndpointProfile"), help: "Profile of the bundle endpoint: https_web or https_spiffe.")
    var bundleEndpointProfile = ""

    @Option(name: .flag("endpointSpiffeID"), help: "SPIFFE ID of the endpoint, for https_spiffe.")
    var endpointSpiffeID = ""

    @Option(name: .flag("trustDomainBundlePath"), help: "Path to the trust domain's bundle (optional).")
    var trustDomainBundlePath = ""

    @Option(name: .flag("trustDomainBundleFormat"), help: "Format of that bundle: pem (when left out) or spiffe.")
    var trustDomainBundleFormat = ""

    @Option(name: .flag("data"), help: "Path to a file with relationships in JSON; - is standard input.")
    var data = ""

    /// - Throws: ``CommandError``.
    func relationships() throws(CommandError) -> [Spire_Api_Types_FederationRelationship] {
        guard data.isEmpty else {
            guard isBare else {
                throw CommandError(
                    .input, "cannot use other flags to specify relationship fields when 'data' flag is set")
            }
            return try FederationFile.read(data)
        }
        let input = FederationInput(
            trustDomain: trustDomain, bundleEndpointURL: bundleEndpointURL,
            bundleEndpointProfile: bundleEndpointProfile, endpointSPIFFEID: endpointSpiffeID)
        var bundle: FederationInput.Bundle?
        if !trustDomainBundlePath.isEmpty {
            bundle = FederationInput.Bundle(
                bytes: try InputFile.read(trustDomainBundlePath), source: trustDomainBundlePath,
                format: trustDomainBundleFormat, formatFlag: "-trustDomainBundleFormat")
        }
        return [try input.relationship(bundle: bundle)]
    }

    private var isBare: Bool {
        trustDomain.isEmpty && bundleEndpointURL.isEmpty && bundleEndpointProfile.isEmpty && endpointSpiffeID.isEmpty
            && trustDomainBundlePath.isEmpty && trustDomainBundleFormat.isEmpty
    }
}
