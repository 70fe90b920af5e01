// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import ServerAPIProtos
import SwiftProtobuf

/// The same under the name that clients asked for before v1.
struct ReflectionAlphaService: Grpc_Reflection_V1alpha_ServerReflection.SimpleServiceProtocol {
    let reflection: Reflection

    func serverReflectionInfo(
        request: RPCAsyncSequence<Grpc_Reflection_V1alpha_ServerReflectionRequest, any Error>,
        response: RPCWriter<Grpc_Reflection_V1alpha_ServerReflectionResponse>, context: ServerContext
    ) async throws {
        for try await message in request {
            let answer = try reflection.answer(try Self.renamed(message))
            try await response.write(try Self.renamed(answer))
        }
    }

    /// Both versions have the same messages, field by field.
    private static func renamed<Old: Message, New: Message>(_ message: Old) throws -> New {
        let bytes: [UInt8] = try message.serializedBytes()
        return try New(serializedBytes: bytes)
    }
}
