// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityRegistry
import SPIFFE

/// What an operator says of a partner.
struct PartnerFlags: ParsableArguments {
    @Option(name: .flag("trustDomain"), help: "The partner's trust domain, when the source does not say it.")
    var trustDomain = ""

    @Option(name: .flag("bundleEndpointURL"), help: "URL of the bundle endpoint (must use HTTPS).")
    var bundleEndpointURL = ""

    @Option(name: .flag("bundleEndpointProfile"), help: "Profile of the bundle endpoint: https_web or https_spiffe.")
    var bundleEndpointProfile = ""

    @Option(name: .flag("endpointSpiffeID"), help: "SPIFFE ID of the endpoint, for https_spiffe.")
    var endpointSpiffeID = ""

    /// - Returns: `nil` when nothing was said.
    /// - Throws: ``CommandError`` with code `input`.
    func domain() throws(CommandError) -> TrustDomain? {
        trustDomain.isEmpty ? nil : try TrustDomain(argument: trustDomain)
    }

    /// - Returns: `nil` when nothing was said.
    /// - Throws: ``CommandError`` with code `input`.
    func endpointID() throws(CommandError) -> SPIFFEID? {
        endpointSpiffeID.isEmpty ? nil : try SPIFFEID(argument: endpointSpiffeID)
    }

    /// - Returns: `nil` when nothing was said.
    /// - Throws: ``CommandError`` with code `input`.
    func usesSPIFFE() throws(CommandError) -> Bool? {
        switch bundleEndpointProfile {
        case "": return endpointSpiffeID.isEmpty ? nil : true
        case "https_spiffe": return true
        case "https_web":
            guard endpointSpiffeID.isEmpty else {
                throw CommandError(
                    .input, "-endpointSpiffeID is for https_spiffe only: leave it out, or use https_spiffe")
            }
            return false
        default:
            throw CommandError(
                .input, "unknown bundle endpoint profile type: \(bundleEndpointProfile.quoted)",
                cure: "use https_web or https_spiffe")
        }
    }

    /// Where the bundle will be fetched, when it came from somewhere else.
    ///
    /// - Returns: `nil` when no endpoint was named.
    /// - Throws: ``CommandError`` with code `input`.
    func relationship(with trustDomain: TrustDomain) throws(CommandError) -> FederationRelationship? {
        guard !bundleEndpointURL.isEmpty else {
            guard bundleEndpointProfile.isEmpty, endpointSpiffeID.isEmpty else {
                throw CommandError(.input, "bundle endpoint URL is required", cure: "give it by -bundleEndpointURL")
            }
            return nil
        }
        guard let usesSPIFFE = try usesSPIFFE() else {
            throw CommandError(
                .input, "bundle endpoint profile is required",
                cure: "give -bundleEndpointProfile https_web, or https_spiffe with -endpointSpiffeID")
        }
        guard usesSPIFFE else { return try relationship(trustDomain, .httpsWeb) }
        guard let endpointID = try endpointID() else {
            throw CommandError(
                .input, "endpoint SPIFFE ID is required if 'https_spiffe' endpoint profile is set",
                cure: "a SPIRE server's is spiffe://\(trustDomain)/spire/server: give it by -endpointSpiffeID")
        }
        return try relationship(trustDomain, .httpsSPIFFE(endpointID: endpointID))
    }

    /// - Parameter asked: Where the bundle came from, which is where it will be fetched unless a flag names another URL.
    /// - Throws: ``CommandError`` with code `input`.
    func relationship(
        _ trustDomain: TrustDomain, _ profile: FederationRelationship.Profile, asked: String = ""
    ) throws(CommandError) -> FederationRelationship {
        let url = bundleEndpointURL.isEmpty ? asked : bundleEndpointURL
        do {
            _ = try BundleEndpointURL(url)
        } catch {
            throw CommandError(.input, error.message, cure: "write it like https://\(trustDomain):8443")
        }
        return FederationRelationship(trustDomain: trustDomain, bundleEndpointURL: url, profile: profile)
    }
}
