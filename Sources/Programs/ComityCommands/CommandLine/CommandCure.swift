// SPDX-License-Identifier: Apache-2.0

import ComityClient
import GRPCCore

/// What to do about a failure, where that is known; told on a line of its own, so that the first line stays SPIRE's.
enum CommandCure {
    /// - Parameter program: Whom the command asks.
    /// - Returns: `nil` when the error says all there is to say.
    static func of(_ error: any Error, asking program: CommandVoice.Program) -> String? {
        switch error {
        case let error as CommandError: error.cure ?? error.cause.flatMap { of($0, asking: program) }
        case let error as ClientError: of(error.code, asking: program)
        case let error as RPCError: of(error.code, asking: program)
        default: nil
        }
    }

    private static func of(_ code: ClientError.Code, asking program: CommandVoice.Program) -> String? {
        let (name, variable) = names(of: program)
        return switch code {
        case .missing: "is the \(name) running? -socketPath or \(variable) says where its socket is"
        case .notListening:
            "the \(name) that made this socket has ended: start it, or name another socket by -socketPath"
        case .notASocket: "this is no socket but a file or folder: -socketPath takes the socket of a running \(name)"
        case .otherKind: "what listens here is no \(name): -socketPath takes the socket of a running one"
        case .forbidden: "run the command as a user who may use the socket, such as the one that runs the \(name)"
        case .pathTooLong: "give a shorter path by -socketPath, such as one relative to the current folder"
        default: nil
        }
    }

    private static func of(_ code: RPCError.Code, asking program: CommandVoice.Program) -> String? {
        let (name, _) = names(of: program)
        return switch code {
        case .deadlineExceeded where program == .agent:
            "the agent did not answer in time: -timeout waits longer, and the agent's log says what it waits for"
        case .deadlineExceeded: "the \(name) did not answer in time: is this its socket? its log says what it does"
        case .unimplemented:
            "what listens on this socket does not offer that: is it the socket of \(program == .agent ? "an" : "a") \(name)?"
        case .unavailable: "is the \(name) still running? its log says more"
        case .permissionDenied where program == .agent:
            "no registration entry fits the process that asks: 'spire-server entry show' lists them, and the agent's "
                + "log has the selectors that it found"
        default: nil
        }
    }

    private static func names(of program: CommandVoice.Program) -> (name: String, variable: String) {
        switch program {
        case .agent: ("agent", SocketLocation.agent.variable)
        case .server, .comity: ("server", SocketLocation.server.variable)
        }
    }
}
