// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry

extension FederationFailure.Class {
    /// As a condition's reason.
    package var reason: String {
        switch self {
        case .dns: "DNSFailed"
        case .connect: "ConnectFailed"
        case .tlsIdentity: "TLSIdentityRefused"
        case .timeout: "TimedOut"
        case .redirect: "Redirected"
        case .httpStatus: "HTTPStatus"
        case .tooLarge: "AnswerTooLarge"
        case .document: "DocumentInvalid"
        case .rollback: "SequenceRolledBack"
        case .sharedKey: "KeyOfAnotherDomain"
        case .noBundle: "NoBundleToVerifyBy"
        case .store: "ServerStoreFailed"
        }
    }

    /// What an operator does about it.
    package var cure: String {
        switch self {
        case .dns:
            "check the host of spec.bundleEndpointURL, and that it resolves where this server runs: "
                + "'getent hosts HOST' in the server's pod"
        case .connect:
            "check that the partner's endpoint listens on the port of spec.bundleEndpointURL and that no firewall, network "
                + "policy or proxy stands between: 'curl -kv URL' in the server's pod"
        case .tlsIdentity:
            "check bundleEndpointProfile: with https_spiffe, endpointSPIFFEID must be the ID that the endpoint shows; if the "
                + "partner replaced its keys meanwhile, put its present bundle into spec.trustDomainBundle"
        case .timeout:
            "check the partner's load and what stands between; it is tried again by itself"
        case .redirect:
            "put the URL that it redirects to into spec.bundleEndpointURL, if the partner confirms it"
        case .httpStatus:
            "check the path of spec.bundleEndpointURL, and what stands before the partner's endpoint: only status 200 brings "
                + "a bundle"
        case .tooLarge:
            "check that spec.bundleEndpointURL is a bundle endpoint and no other site; a bundle has at most 4 MiB"
        case .document:
            "check that spec.bundleEndpointURL is a SPIFFE bundle endpoint, and tell the partner: 'curl -k URL' shows what it "
                + "serves"
        case .rollback:
            "if the partner restarted its numbering, delete the stored bundle by 'bundle delete -id DOMAIN -mode "
                + "dissociate' or set the new one by 'bundle set'; if not, somebody serves an old bundle"
        case .sharedKey:
            "ask the partner which trust domain the key is of: no two trust domains may have one key"
        case .noBundle:
            "put the partner's bundle into spec.trustDomainBundle: 'bundle show -format spiffe' prints it there"
        case .store:
            "check the server's database and disk: its log and 'healthcheck' say more"
        }
    }
}
