// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import NIOCore
import Synchronization

extension HTTPSBundleFetcher {
    /// Asks an endpoint whose authorities are not known yet. For an operator who compares fingerprints, never for a server.
    ///
    /// Redirects are not followed: who is named is who is asked.
    ///
    /// - Throws: ``FederationFailure``.
    package func firstContact(with address: String) async throws -> FirstContact {
        let url = try endpointURL(address)
        let chain = Mutex<[[UInt8]]>([])
        let exchange = HTTPExchange(
            url: url, proxy: try proxies.proxy(for: url), proxyRoots: webRoots,
            verification: .none { presented in chain.withLock { $0 = presented } }, limits: limits,
            deadline: NIODeadline.now() + TimeAmount(limits.deadline))
        let answer = try await exchange.perform(on: group.any())
        if let location = answer.redirect {
            throw FederationFailure.fetching(.redirect, "endpoint redirects to \"\(ForeignText(location))\": ask there")
        }
        try requireSuccess(answer)
        return FirstContact(certificates: chain.withLock { $0 }, document: Array(buffer: answer.body))
    }
}
