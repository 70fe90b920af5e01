// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWire
import SPIFFE
import ServerAPIProtos

/// A relationship as an operator wrote it.
struct FederationInput: Hashable {
    struct Bundle: Hashable {
        var bytes: [UInt8]
        /// What messages call the text.
        var source: String
        var format: String
        /// What messages call the place of the format.
        var formatFlag: String
    }

    var trustDomain: String
    var bundleEndpointURL: String
    var bundleEndpointProfile: String
    var endpointSPIFFEID: String

    /// Checks what can be checked without the server, in SPIRE's order and words.
    ///
    /// - Throws: ``CommandError`` with code `input`.
    func relationship(bundle: Bundle?) throws(CommandError) -> Spire_Api_Types_FederationRelationship {
        guard !trustDomain.isEmpty else { throw CommandError(.input, "trust domain is required") }
        guard !bundleEndpointURL.isEmpty else { throw CommandError(.input, "bundle endpoint URL is required") }
        let trustDomain = try TrustDomain(argument: trustDomain)
        var relationship = Spire_Api_Types_FederationRelationship()
        relationship.trustDomain = trustDomain.name
        relationship.bundleEndpointURL = bundleEndpointURL
        switch bundleEndpointProfile {
        case "https_web": relationship.httpsWeb = Spire_Api_Types_HTTPSWebProfile()
        case "https_spiffe":
            guard !endpointSPIFFEID.isEmpty else {
                throw CommandError(
                    .input, "endpoint SPIFFE ID is required if 'https_spiffe' endpoint profile is set")
            }
            relationship.httpsSpiffe.endpointSpiffeID = endpointSPIFFEID
        default:
            throw CommandError(.input, "unknown bundle endpoint profile type: \(bundleEndpointProfile.quoted)")
        }
        try checkURL()
        if let bundle { relationship.trustDomainBundle = try message(of: bundle, trustDomain) }
        return relationship
    }

    private func checkURL() throws(CommandError) {
        do {
            _ = try BundleEndpointURL(bundleEndpointURL)
        } catch {
            throw CommandError(.input, error.message, cure: "write it like https://\(trustDomain):8443")
        }
    }

    private func message(
        of bundle: Bundle, _ trustDomain: TrustDomain
    ) throws(CommandError) -> Spire_Api_Types_Bundle {
        let input = try BundleInput(
            bundle.bytes, source: bundle.source, format: bundle.format, formatFlag: bundle.formatFlag,
            trustDomain: try owner(or: trustDomain))
        input.warnings.forEach(Console.warn)
        do {
            return try Spire_Api_Types_Bundle(BundleRecord(input.bundle))
        } catch {
            throw CommandError(.input, "unable to use bundle of \(bundle.source)", cause: error)
        }
    }

    /// Whose bundle it is: that of the trust domain which the endpoint proves itself by, as in SPIRE.
    private func owner(or trustDomain: TrustDomain) throws(CommandError) -> TrustDomain {
        guard bundleEndpointProfile == "https_spiffe" else { return trustDomain }
        do {
            return try SPIFFEID(endpointSPIFFEID).trustDomain
        } catch {
            throw CommandError(.input, "invalid endpoint SPIFFE ID \(endpointSPIFFEID.quoted)", cause: error)
        }
    }
}
