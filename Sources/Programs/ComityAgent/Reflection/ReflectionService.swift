// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import ServerAPIProtos

/// gRPC server reflection, as the Workload Endpoint should offer it (Workload Endpoint §7).
struct ReflectionService: Grpc_Reflection_V1_ServerReflection.SimpleServiceProtocol {
    let reflection: Reflection

    func serverReflectionInfo(
        request: RPCAsyncSequence<Grpc_Reflection_V1_ServerReflectionRequest, any Error>,
        response: RPCWriter<Grpc_Reflection_V1_ServerReflectionResponse>, context: ServerContext
    ) async throws {
        for try await message in request { try await response.write(reflection.answer(message)) }
    }
}
