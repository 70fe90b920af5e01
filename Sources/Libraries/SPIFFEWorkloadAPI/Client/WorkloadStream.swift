// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// One of the streams of the Workload API, whose every message is a complete state.
struct WorkloadStream<State: Sendable>: Sendable {
    typealias Receive = @Sendable (Result<State, SPIFFEError>) -> Void

    /// The name of the call.
    let name: String

    /// What is left when the agent denies us everything.
    let empty: State

    /// Makes the call and returns when the agent ends it. A message that cannot be read is received as an error.
    let open: @Sendable (_ calls: WorkloadAPICalls, _ receive: @escaping Receive) async throws -> Void
}

extension WorkloadStream<X509Context> {
    static let x509Contexts = WorkloadStream(name: "FetchX509SVID", empty: X509Context()) { calls, receive in
        try await calls.streamX509Contexts { message in
            receive(Result { () throws(SPIFFEError) in try message.context })
        }
    }
}

extension WorkloadStream<BundleSet> {
    static let x509Bundles = WorkloadStream(name: "FetchX509Bundles", empty: BundleSet()) { calls, receive in
        try await calls.streamX509Bundles { message in
            receive(Result { () throws(SPIFFEError) in try message.bundleSet })
        }
    }

    static let jwtBundles = WorkloadStream(name: "FetchJWTBundles", empty: BundleSet()) { calls, receive in
        try await calls.streamJWTBundles { message in
            receive(Result { () throws(SPIFFEError) in try message.bundleSet })
        }
    }
}
