// SPDX-License-Identifier: Apache-2.0

import ComityWorkloads
import FoundationEssentials
import GRPCCore
import SPIFFE
import SwiftProtobuf
import WorkloadAPIProtos

/// Checks a token for a workload: by the own trust domain's bundle and those the workload federates with.
struct JWTSVIDValidation {
    private static let claimsOfTheStandard: Set<String> = ["sub", "aud", "exp"]

    let update: WorkloadUpdate
    let options: WorkloadAPIService.Options

    /// - Throws: `RPCError` with code `invalidArgument`.
    func answer(
        _ request: Workload_ValidateJWTSVIDRequest, now: Date = Date()
    ) throws(RPCError) -> Workload_ValidateJWTSVIDResponse {
        var bundles = update.federatedBundles
        bundles[update.bundle.trustDomain] = update.bundle
        do throws(SPIFFEError) {
            let svid = try UnverifiedJWTSVID(token: request.svid)
                .verified(by: bundles, audience: [request.audience], at: now)
            var response = Workload_ValidateJWTSVIDResponse()
            response.spiffeID = svid.id.uri
            response.claims.fields = claims(of: svid).mapValues { Google_Protobuf_Value($0) }
            return response
        } catch {
            throw RPCError(code: .invalidArgument, message: "\(error)")
        }
    }

    /// What a foreign issuer asserts beyond the identity is passed on only where the operator wants it.
    private func claims(of svid: JWTSVID) -> [String: JSONValue] {
        var claims = svid.claims
        if svid.id.trustDomain != update.bundle.trustDomain {
            let allowed = Self.claimsOfTheStandard.union(options.allowedForeignClaims)
            claims = claims.filter { allowed.contains($0.key) }
        }
        claims["aud"] = .array(svid.audience.map { .string($0) })
        return claims
    }
}

extension Google_Protobuf_Value {
    /// The depth is bounded, because the parser of the token bounds it.
    fileprivate init(_ value: JSONValue) {
        self.init()
        kind =
            switch value {
            case .null: .nullValue(.nullValue)
            case .bool(let value): .boolValue(value)
            case .number(let value): .numberValue(value.double ?? 0)
            case .string(let value): .stringValue(value)
            case .array(let values):
                .listValue(.with { $0.values = values.map { Google_Protobuf_Value($0) } })
            case .object(let object):
                .structValue(.with { $0.fields = object.dictionary.mapValues { Google_Protobuf_Value($0) } })
            }
    }
}
