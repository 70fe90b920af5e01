// SPDX-License-Identifier: Apache-2.0

import ComityClient
import SPIFFE

/// The admin socket of a server. It is opened anew for each piece of work, so that a server that is not there is known
/// at once, and one that was restarted is found again.
struct ServerSocket: ServerDoor {
    let path: String
    let trustDomain: TrustDomain

    func withServer<Result: Sendable>(_ work: (any ServerPort) async throws -> Result) async throws -> Result {
        try await ServerAPI.connect(socketPath: path) { api in
            try await work(ServerSession(api: api, trustDomain: trustDomain))
        }
    }
}
