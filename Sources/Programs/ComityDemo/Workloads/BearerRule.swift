// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import SPIFFEWorkloadAPI

/// Whether a request may pass by the token that it carries.
struct BearerRule: Sendable {
    /// What a request without a good token is answered.
    static let refusal = "Invalid or unsupported authorization header"

    /// By which name tokens are to be made out to us.
    let audience: String
    let keys: JWTSource

    /// - Returns: `nil` when there is no token that is good.
    func caller(authorization: String?) -> JWTSVID? {
        guard let authorization, let token = BearerAuthorization.token(in: authorization) else { return nil }
        do throws(SPIFFEError) {
            return try keys.verify(token: token, audience: [audience])
        } catch {
            WorkloadLedger.log("token refused: \(error)")
            return nil
        }
    }
}
