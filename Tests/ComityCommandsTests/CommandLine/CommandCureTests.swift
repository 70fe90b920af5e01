// SPDX-License-Identifier: Apache-2.0

import ComityClient
import GRPCCore
import Testing

@testable import ComityCommands

@Suite struct CommandCureTests {
    @Test(arguments: [
        (
            ClientError.Code.missing, CommandVoice.Program.server,
            "is the server running? -socketPath or SPIRE_SERVER_PRIVATE_SOCKET says where its socket is"
        ),
        (.missing, .agent, "is the agent running? -socketPath or SPIRE_AGENT_PUBLIC_SOCKET says where its socket is"),
        (.forbidden, .server, "run the command as a user who may use the socket, such as the one that runs the server"),
    ])
    func socketsThatCannotBeUsedHaveOne(_ code: ClientError.Code, _ program: CommandVoice.Program, _ cure: String) {
        let error = ClientError(code, "rpc error")
        #expect(CommandCure.of(error, asking: program) == cure)
        #expect(CommandCure.of(CommandError(.answer, "could not", cause: error), asking: program) == cure)
    }

    @Test(arguments: [
        (RPCError.Code.deadlineExceeded, CommandVoice.Program.agent, "-timeout"),
        (.deadlineExceeded, .server, "is this its socket?"), (.unimplemented, .server, "the socket of a server"),
        (.unimplemented, .agent, "is it the socket of an agent?"),
        (.unavailable, .agent, "is the agent still running?"),
        (.permissionDenied, .agent, "entry show"),
    ])
    func callsThatFailHaveOne(_ code: RPCError.Code, _ program: CommandVoice.Program, _ text: String) {
        #expect(CommandCure.of(RPCError(code: code, message: ""), asking: program)?.contains(text) == true)
    }

    @Test func whatSaysAllByItselfHasNone() {
        #expect(CommandCure.of(RPCError(code: .notFound, message: "entry not found"), asking: .server) == nil)
        #expect(CommandCure.of(RPCError(code: .permissionDenied, message: "x"), asking: .server) == nil)
        #expect(CommandCure.of(CommandError(.input, "id is required"), asking: .server) == nil)
    }

    @Test func ownCureGoesBeforeThatOfTheCause() {
        let error = CommandError(.answer, "x", cause: ClientError(.missing, "y"), cure: "do this")
        #expect(CommandCure.of(error, asking: .server) == "do this")
    }

    @Test func deadlinesReadAsGos() {
        let error = RPCError(code: .deadlineExceeded, message: "RPC timed out before completing")
        #expect(CommandError.text(of: error) == "rpc error: code = DeadlineExceeded desc = context deadline exceeded")
    }
}
