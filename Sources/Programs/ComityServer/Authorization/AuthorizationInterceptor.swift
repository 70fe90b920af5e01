// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTransport
package import FoundationEssentials
package import GRPCCore
import GRPCProtobuf
import Logging
package import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// Lets a call through to its handler if the policy permits it to this caller, and refuses it otherwise.
package struct AuthorizationInterceptor: ServerInterceptor {
    private let policy: AuthorizationPolicy
    private let identification: CallerIdentification
    private let agents: AgentAuthorizer

    /// - Parameter adminIDs: Callers that are administrators by configuration.
    package init(
        policy: AuthorizationPolicy = .standard, adminIDs: Set<SPIFFEID>, entries: LiveEntryIndex,
        store: any NodeStore, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.policy = policy
        identification = CallerIdentification(adminIDs: adminIDs, entries: entries)
        agents = AgentAuthorizer(store: store, now: now)
    }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next:
            @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let (caller, authorization) = try await authorize(context)
        let requestLogger = RequestLogger.learning([
            "authorized_as": "\(authorization.authorizedAs)", "authorized_via": "\(authorization.authorizedVia)",
        ])
        let response = try await Caller.$current.withValue(caller) {
            try await RequestLogger.$current.withValue(requestLogger) { try await next(request, context) }
        }
        return response.wrappingProducer { produce in
            try await Caller.$current.withValue(caller) {
                try await RequestLogger.$current.withValue(requestLogger) { try await produce() }
            }
        }
    }

    private func authorize(
        _ context: ServerContext
    ) async throws -> (Caller, AuthorizationPolicy.Authorization) {
        let method = "/\(context.descriptor.fullyQualifiedMethod)"
        var caller = try identification.caller(context)
        switch policy.decide(method: method, caller: caller) {
        case .allow(let authorization):
            return (caller, authorization)
        case .allowActiveAgent:
            guard let id = caller.id, let certificate = context.peer?.tls?.certificates.first else {
                throw Self.denial(of: method, reason: nil)
            }
            switch try await agents.check(id: id, certificate: certificate, logger: RequestLogger.current) {
            case .agent(let node):
                caller.agent = node
                return (caller, .agent)
            case .refused(let reason):
                throw Self.denial(of: method, reason: reason)
            }
        case .deny:
            throw Self.denial(of: method, reason: nil)
        }
    }

    private static func denial(of method: String, reason: AgentStanding.Reason?) -> any Error {
        let message = "authorization denied for method \(method)"
        RequestLogger.current.error(
            "Failed to authenticate caller",
            metadata: ["error": "rpc error: code = PermissionDenied desc = \(message)"])
        guard let reason else {
            return RPCError(code: .permissionDenied, message: message)
        }
        return PermissionDenial(message: message, reason: .init(reason)).rpcError
    }
}

extension Spire_Api_Types_PermissionDeniedDetails.Reason {
    init(_ reason: AgentStanding.Reason) {
        self =
            switch reason {
            case .expired: .agentExpired
            case .notAttested: .agentNotAttested
            case .banned: .agentBanned
            case .notActive: .agentNotActive
            }
    }
}
