// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE
import SwiftProtobuf
import WorkloadAPIProtos

// What the messages say. A mandatory field that is missing makes the whole message void (Workload API §4.5).

extension Workload_X509SVIDResponse {
    var context: X509Context {
        get throws(SPIFFEError) {
            guard !svids.isEmpty else { throw SPIFFEError(.invalidX509SVID, "answer has no X509-SVID") }
            var context = X509Context(bundles: try BundleSet(concatenatedDER: federatedBundles))
            var hints = HintFilter()
            for svid in svids {
                let credential = try svid.credential
                let bundle = try svid.ownBundle(of: credential.id.trustDomain)
                context.bundles[bundle.trustDomain] = bundle
                if hints.admits(svid.hint) { context.credentials.append(credential) }
            }
            return context
        }
    }
}

extension Workload_X509SVID {
    fileprivate var credential: X509Credential {
        get throws(SPIFFEError) {
            let id = try SPIFFEID(spiffeID)
            guard !x509Svid.isEmpty else { throw SPIFFEError(.invalidX509SVID, "X509-SVID of \(id) is missing") }
            guard !x509SvidKey.isEmpty else { throw SPIFFEError(.invalidKey, "key of \(id) is missing") }
            let credential = try X509Credential(
                concatenatedDER: Array(x509Svid), privateKeyDER: Array(x509SvidKey), hint: hint)
            guard credential.id == id else {
                throw SPIFFEError(.invalidX509SVID, "X509-SVID of \(id) carries \(credential.id)")
            }
            return credential
        }
    }

    fileprivate func ownBundle(of trustDomain: TrustDomain) throws(SPIFFEError) -> SPIFFEBundle {
        let bundle = try SPIFFEBundle(concatenatedDER: Array(bundle), trustDomain: trustDomain)
        guard !bundle.x509Authorities.isEmpty else {
            throw SPIFFEError(.invalidBundle, "bundle of \(trustDomain) is missing")
        }
        return bundle
    }
}

extension Workload_X509BundlesResponse {
    var bundleSet: BundleSet {
        get throws(SPIFFEError) {
            guard !bundles.isEmpty else { throw SPIFFEError(.invalidBundle, "answer has no bundle") }
            return try BundleSet(concatenatedDER: bundles)
        }
    }
}

extension Workload_JWTBundlesResponse {
    var bundleSet: BundleSet {
        get throws(SPIFFEError) {
            guard !bundles.isEmpty else { throw SPIFFEError(.invalidBundle, "answer has no bundle") }
            var set = BundleSet()
            for (key, keySet) in bundles {
                let trustDomain = try TrustDomain(nameOrID: key)
                set[trustDomain] = try SPIFFEBundle(jwtKeySet: Array(keySet), trustDomain: trustDomain)
            }
            return set
        }
    }
}

extension Workload_JWTSVIDResponse {
    var credentials: [JWTCredential] {
        get throws(SPIFFEError) {
            guard !svids.isEmpty else { throw SPIFFEError(.invalidJWTSVID, "answer has no JWT-SVID") }
            var hints = HintFilter()
            var credentials: [JWTCredential] = []
            for svid in svids where hints.admits(svid.hint) {
                let id = try SPIFFEID(svid.spiffeID)
                credentials.append(try JWTCredential(token: svid.svid, id: id, hint: svid.hint))
            }
            return credentials
        }
    }
}

extension Workload_ValidateJWTSVIDResponse {
    var validation: JWTValidation {
        get throws(SPIFFEError) {
            guard hasClaims else { throw SPIFFEError(.invalidJWTSVID, "answer has no claims") }
            var values: [String: JSONValue] = [:]
            for (name, value) in claims.fields { values[name] = JSONValue(value) }
            return JWTValidation(id: try SPIFFEID(spiffeID), claims: values)
        }
    }
}

extension BundleSet {
    fileprivate init(concatenatedDER bundles: [String: Data]) throws(SPIFFEError) {
        self.init()
        for (key, authorities) in bundles {
            let trustDomain = try TrustDomain(nameOrID: key)
            self[trustDomain] = try SPIFFEBundle(concatenatedDER: Array(authorities), trustDomain: trustDomain)
        }
    }
}

extension JSONValue {
    /// A claim that is no JSON number, such as infinity, becomes `null`.
    fileprivate init(_ value: Google_Protobuf_Value) {
        switch value.kind {
        case .boolValue(let value)?: self = .bool(value)
        case .numberValue(let value)?: self = JSONNumber(value).map(JSONValue.number) ?? .null
        case .stringValue(let value)?: self = .string(value)
        case .listValue(let list)?: self = .array(list.values.map { JSONValue($0) })
        case .structValue(let value)?:
            var object = JSONObject()
            for (name, member) in value.fields.sorted(by: { $0.key < $1.key }) { object[name] = JSONValue(member) }
            self = .object(object)
        case .nullValue?, nil: self = .null
        }
    }
}
