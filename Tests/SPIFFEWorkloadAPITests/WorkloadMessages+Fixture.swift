// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import WorkloadAPIProtos

extension Workload_X509SVID {
    /// As an agent sends it.
    static func of(_ svid: TestSVID, bundle: SPIFFEBundle, hint: String = "") throws -> Workload_X509SVID {
        var message = Workload_X509SVID()
        let credential = try svid.credential()
        message.spiffeID = credential.id.uri
        message.x509Svid = Data(try svid.concatenatedDER)
        message.x509SvidKey = Data(try credential.privateKeyDER)
        message.bundle = bundle.concatenatedDER
        message.hint = hint
        return message
    }
}

extension Workload_X509SVIDResponse {
    static func of(_ svids: Workload_X509SVID..., federated: [SPIFFEBundle] = []) -> Workload_X509SVIDResponse {
        var message = Workload_X509SVIDResponse()
        message.svids = svids
        for bundle in federated {
            message.federatedBundles[bundle.trustDomain.id.uri] = bundle.concatenatedDER
        }
        return message
    }
}

extension Workload_JWTBundlesResponse {
    static func of(_ bundles: SPIFFEBundle...) -> Workload_JWTBundlesResponse {
        var message = Workload_JWTBundlesResponse()
        for bundle in bundles {
            message.bundles[bundle.trustDomain.id.uri] = Data(bundle.jwtKeySet())
        }
        return message
    }
}

extension Workload_X509BundlesResponse {
    static func of(_ bundles: SPIFFEBundle...) -> Workload_X509BundlesResponse {
        var message = Workload_X509BundlesResponse()
        for bundle in bundles {
            message.bundles[bundle.trustDomain.id.uri] = bundle.concatenatedDER
        }
        return message
    }
}

extension Workload_JWTSVID {
    static func of(_ id: String, token: String, hint: String = "") -> Workload_JWTSVID {
        var message = Workload_JWTSVID()
        message.spiffeID = id
        message.svid = token
        message.hint = hint
        return message
    }
}

extension SPIFFEBundle {
    fileprivate var concatenatedDER: Data {
        Data(x509Authorities.flatMap(\.derBytes))
    }
}
