// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import GRPCNIOTransportHTTP2Posix
import SPIFFE
import WorkloadAPIProtos

/// The calls of the Workload API over one connection, each with the security header.
struct WorkloadAPICalls: Sendable {
    /// Tells the agent that the caller is no tricked web client (Workload Endpoint §3).
    static let metadata: Metadata = ["workload.spiffe.io": "true"]

    private let calls: Workload_SpiffeWorkloadAPI.Client<HTTP2ClientTransport.Posix>
    private let timeout: Duration

    init(client: GRPCClient<HTTP2ClientTransport.Posix>, timeout: Duration) {
        calls = Workload_SpiffeWorkloadAPI.Client(wrapping: client)
        self.timeout = timeout
    }

    func streamX509Contexts(_ receive: @escaping @Sendable (Workload_X509SVIDResponse) -> Void) async throws {
        try await calls.fetchX509SVID(.init(), metadata: Self.metadata, options: Self.streamOptions) { response in
            for try await message in response.messages { receive(message) }
        }
    }

    func streamX509Bundles(_ receive: @escaping @Sendable (Workload_X509BundlesResponse) -> Void) async throws {
        try await calls.fetchX509Bundles(.init(), metadata: Self.metadata, options: Self.streamOptions) { response in
            for try await message in response.messages { receive(message) }
        }
    }

    func streamJWTBundles(_ receive: @escaping @Sendable (Workload_JWTBundlesResponse) -> Void) async throws {
        try await calls.fetchJWTBundles(.init(), metadata: Self.metadata, options: Self.streamOptions) { response in
            for try await message in response.messages { receive(message) }
        }
    }

    func fetchJWTCredentials(audience: [String], id: SPIFFEID?) async throws -> [JWTCredential] {
        guard audience.contains(where: { !$0.isEmpty }) else {
            throw WorkloadAPIError(.invalidArgument, "at least one audience is required")
        }
        var request = Workload_JWTSVIDRequest()
        request.audience = audience
        request.spiffeID = id?.uri ?? ""
        let response = try await calls.fetchJWTSVID(request, metadata: Self.metadata, options: callOptions)
        return try response.credentials
    }

    func validateJWTSVID(_ token: String, audience: String) async throws -> JWTValidation {
        guard !audience.isEmpty else { throw WorkloadAPIError(.invalidArgument, "an audience is required") }
        guard token.utf8.count <= UnverifiedJWTSVID.maximumLength else {
            throw WorkloadAPIError(
                .invalidArgument, "token is longer than \(UnverifiedJWTSVID.maximumLength) bytes")
        }
        var request = Workload_ValidateJWTSVIDRequest()
        request.audience = audience
        request.svid = token
        let response = try await calls.validateJWTSVID(request, metadata: Self.metadata, options: callOptions)
        return try response.validation
    }

    private static var streamOptions: CallOptions {
        var options = CallOptions.defaults
        options.maxResponseMessageBytes = WorkloadAPIClient.maximumAnswerSize
        return options
    }

    private var callOptions: CallOptions {
        var options = Self.streamOptions
        options.timeout = timeout
        return options
    }
}
