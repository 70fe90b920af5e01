// SPDX-License-Identifier: Apache-2.0

import ComityWire
package import GRPCCore
package import Logging
package import ServerAPIProtos

extension APIError {
    /// Ends the call with this refusal, having logged it.
    package func rpcError(logging logger: Logger) -> RPCError {
        log(to: logger)
        return RPCError(self)
    }

    /// The outcome of one item of a batch, having logged it.
    package func status(logging logger: Logger) -> Spire_Api_Types_Status {
        log(to: logger)
        return status
    }

    private func log(to logger: Logger) {
        logger.error("\(logMessage)", metadata: causeText.map { ["error": "\($0)"] })
    }
}

/// Runs the work of a call; a refusal is logged and becomes the call's outcome.
func answering<Answer>(_ logger: Logger, _ body: () async throws -> Answer) async throws -> Answer {
    do {
        return try await body()
    } catch let error as APIError {
        throw error.rpcError(logging: logger)
    }
}

/// Runs the work on one item of a batch; a refusal is logged and becomes the item's outcome.
func answering<Answer>(
    _ logger: Logger, _ body: () async throws -> Answer, refused: (Spire_Api_Types_Status) -> Answer
) async throws -> Answer {
    do {
        return try await body()
    } catch let error as APIError {
        return refused(error.status(logging: logger))
    }
}

/// Says what could not be done when the work fails.
func naming<Answer>(_ failure: String, _ body: () async throws -> Answer) async throws -> Answer {
    do {
        return try await body()
    } catch let error as CancellationError {
        throw error
    } catch {
        throw APIError(failure, causedBy: error)
    }
}

/// Says that the request is wrong, and how, when the work fails.
func naming<Answer>(argument failure: String, _ body: () throws -> Answer) throws(APIError) -> Answer {
    do {
        return try body()
    } catch {
        throw APIError(.invalidArgument, failure, cause: error)
    }
}
