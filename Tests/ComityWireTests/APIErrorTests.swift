// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWire
import GRPCCore
import ServerAPIProtos
import Testing

@Suite struct APIErrorTests {
    @Test(arguments: [
        (RPCError.Code.invalidArgument, "cannot do it: it is wrong", "Invalid argument: cannot do it"),
        (.notFound, "cannot do it", "Cannot do it"),
        (.internalError, "cannot do it: it is wrong", "Cannot do it"),
        (.failedPrecondition, "cannot do it: it is wrong", "Cannot do it"),
    ])
    func composesSPIREsTexts(_ code: RPCError.Code, _ text: String, _ logMessage: String) {
        let error = APIError(code, "cannot do it", cause: RegistryError(.internalError, "it is wrong"))
        #expect(error.text == text)
        #expect(error.logMessage == logMessage)
        #expect(error.causeText == "it is wrong")
        #expect(error.status.code == Int32(code.rawValue))
        #expect(error.status.message == text)
        #expect(RPCError(error).code == code)
        #expect(RPCError(error).message == text)
    }

    @Test func needsNoCause() {
        let error = APIError(.invalidArgument, "missing ID")
        #expect(error.text == "missing ID")
        #expect(error.causeText == nil)
    }

    @Test func tellsTheMessageOfAnRPCErrorOnly() {
        let error = APIError("cannot do it", causedBy: RPCError(code: .unavailable, message: "try later"))
        #expect(error.code == .unavailable)
        #expect(error.text == "cannot do it: try later")
    }

    @Test(arguments: [
        (RegistryError.Code.invalidArgument, RPCError.Code.invalidArgument), (.notFound, .notFound),
        (.alreadyExists, .alreadyExists), (.failedPrecondition, .failedPrecondition), (.unavailable, .unavailable),
        (.internalError, .internalError),
    ])
    func takesTheCodeOfItsCause(_ registry: RegistryError.Code, _ code: RPCError.Code) {
        #expect(APIError("cannot do it", causedBy: RegistryError(registry, "why")).code == code)
    }

    @Test func knowsOtherCauses() {
        struct Unknown: Error {}
        #expect(APIError("cannot do it", causedBy: Unknown()).code == .internalError)
        #expect(APIError("cannot do it", causedBy: CancellationError()).code == .cancelled)
    }
}
