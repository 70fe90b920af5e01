// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityBundleEndpoint
import ComityRegistry
import Foundation
import SPIFFE

/// `comity federation manifest`
struct FederationManifest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Writes the ClusterFederatedTrustDomain for a partner, for kubectl apply.")

    @Option(
        name: .flag("from"),
        help: "The partner's bundle: a file, the https URL of its bundle endpoint, or - for standard input.")
    var from = ""

    @OptionGroup var partner: PartnerFlags

    @Option(name: .flag("className"), help: "The class of the controller that handles the object.")
    var className = ""

    @Option(name: .flag("name"), help: "The object's name; made of the trust domain when left out.")
    var name = ""

    func run() async throws {
        guard !from.isEmpty else {
            throw CommandError(
                .input, "from flag is required",
                cure:
                    "name a file with the partner's bundle, the https URL of its bundle endpoint, or - for standard input"
            )
        }
        guard name.isEmpty || PartnerManifest.isName(name) else {
            throw CommandError(
                .input, "invalid object name \(name.quoted): lower-case letters, digits, dashes and dots are allowed")
        }
        var manifest = try await from.contains("://") ? fetched() : read()
        manifest.className = className
        if !name.isEmpty { manifest.name = name }
        advise(manifest)
        Console.out(manifest.text)
    }

    private func manifest(
        _ bundle: SPIFFEBundle, _ endpoint: FederationRelationship?
    ) -> PartnerManifest {
        PartnerManifest(
            name: PartnerManifest.name(for: bundle.trustDomain), bundle: bundle, endpoint: endpoint,
            source: from == "-" ? "standard input" : from)
    }

    private func advise(_ manifest: PartnerManifest) {
        if manifest.endpoint == nil {
            Console.warn(
                "nothing will refresh this bundle: give -bundleEndpointURL and -bundleEndpointProfile; only Comity's "
                    + "controller takes an object without them")
        }
        if manifest.isTrustedOnFirstUse {
            Console.warn(
                "nothing but the endpoint's own word says that this is the bundle of \(manifest.bundle.trustDomain)")
        }
        Console.error(manifest.fingerprints.map { "  \($0)\n" }.joined())
        Console.hint(
            "compare these with the partner by another way before you apply the manifest; there, "
                + "'comity inspect bundle' prints them of a file")
    }

    // MARK: - From a text

    private func read() throws -> PartnerManifest {
        let file = try BundleFile(from)
        guard let trustDomain = try partner.domain() ?? BundleFile.trustDomain(namedIn: file.bytes) else {
            throw CommandError(
                .input, "\(file.source) does not say whose bundle it is", cure: "name the trust domain by -trustDomain")
        }
        let isPEM = BundleFormat.detect(file.bytes) == .pem
        let input = try BundleInput(
            file.bytes, source: file.source, format: isPEM ? "pem" : "spiffe", trustDomain: trustDomain)
        input.warnings.forEach(Console.warn)
        return manifest(input.bundle, try partner.relationship(with: trustDomain))
    }

    // MARK: - From an endpoint

    private func fetched() async throws -> PartnerManifest {
        let fetcher = HTTPSBundleFetcher(proxies: ProxySettings(environment: ProcessInfo.processInfo.environment))
        let usesSPIFFE = try partner.usesSPIFFE()
        let (domain, endpointID) = (try partner.domain(), try partner.endpointID())
        guard usesSPIFFE != false else { return try await fetchedByWeb(fetcher) }
        let contact = try await doing("unable to ask \(from)") { try await fetcher.firstContact(with: from) }
        let hasID = (try? UnverifiedX509SVID(derCertificates: contact.certificates)) != nil
        guard usesSPIFFE == true || hasID else { return try await fetchedByWeb(fetcher) }
        let introduction = try PartnerIntroduction(contact, trustDomain: domain, endpointID: endpointID, at: Date())
        introduction.warnings.forEach(Console.warn)
        var manifest = manifest(
            introduction.bundle,
            try partner.relationship(
                introduction.bundle.trustDomain, .httpsSPIFFE(endpointID: introduction.endpointID), asked: from))
        manifest.isTrustedOnFirstUse = true
        return manifest
    }

    private func fetchedByWeb(_ fetcher: HTTPSBundleFetcher) async throws -> PartnerManifest {
        guard let domain = try partner.domain() else {
            throw CommandError(
                .input, "a bundle fetched by https_web does not say whose it is",
                cure: "name the trust domain by -trustDomain")
        }
        let asked = FederationRelationship(trustDomain: domain, bundleEndpointURL: from, profile: .httpsWeb)
        let document = try await doing("unable to get the bundle of \(domain)") {
            try await fetcher.fetchBundle(of: asked, trusting: nil)
        }
        return manifest(document.bundle, try partner.relationship(domain, .httpsWeb, asked: from))
    }
}
