// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

/// The certificates of an agent's own SVID as the server sent them, leaf first.
struct AgentCertificates: Sendable {
    let chain: [X509Authority]
    let canReattest: Bool

    init(_ message: Spire_Api_Types_X509SVID, canReattest: Bool) throws {
        chain = try message.certChain.map { try X509Authority(derBytes: Array($0)) }
        self.canReattest = canReattest
    }
}
