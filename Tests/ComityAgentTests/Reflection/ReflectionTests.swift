// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import Foundation
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf
import Testing
import WorkloadAPIProtos

/// gRPC server reflection as clients of old and new ask for it.
@Suite(.timeLimit(.minutes(1))) struct ReflectionTests {
    private let reflection: Reflection

    init() throws {
        reflection = try Reflection(of: [])
    }

    private func answer(_ change: (inout Reflection.Request) -> Void) throws -> Reflection.Response {
        var request = Reflection.Request.with { $0.host = "agent" }
        change(&request)
        let response = try reflection.answer(request)
        #expect(response.validHost == "agent")
        #expect(response.originalRequest == request)
        return response
    }

    private func fileNames(_ response: Reflection.Response) throws -> [String] {
        try response.fileDescriptorResponse.fileDescriptorProto.map {
            try Google_Protobuf_FileDescriptorProto(serializedBytes: $0).name
        }
    }

    @Test(
        "symbols of every kind lead to their file and what it imports",
        arguments: [
            ("SpiffeWorkloadAPI", ["spiffe/workload.proto", "google/protobuf/struct.proto"]),
            ("SpiffeWorkloadAPI.FetchX509SVID", ["spiffe/workload.proto", "google/protobuf/struct.proto"]),
            ("X509SVIDResponse.FederatedBundlesEntry.key", ["spiffe/workload.proto", "google/protobuf/struct.proto"]),
            ("google.protobuf.Value.kind", ["google/protobuf/struct.proto"]),
            ("google.protobuf.NULL_VALUE", ["google/protobuf/struct.proto"]),
            ("grpc.health.v1.Health", ["grpc/health/v1/health.proto"]),
            ("grpc.health.v1.HealthCheckResponse.ServingStatus", ["grpc/health/v1/health.proto"]),
            ("grpc.health.v1.HealthCheckResponse.SERVING", ["grpc/health/v1/health.proto"]),
            ("grpc.reflection.v1.ServerReflection", ["grpc/reflection/v1/reflection.proto"]),
            ("grpc.reflection.v1alpha.ServerReflection", ["grpc/reflection/v1alpha/reflection.proto"]),
        ])
    func findsSymbols(symbol: String, files: [String]) throws {
        #expect(try fileNames(try answer { $0.fileContainingSymbol = symbol }) == files)
        #expect(try fileNames(try answer { $0.fileByFilename = files[0] }) == files)
    }

    @Test func saysWhatItDoesNotKnow() throws {
        let unknown = [
            try answer { $0.fileByFilename = "spire/none.proto" }, try answer { $0.fileContainingSymbol = "None" },
            try answer { $0.allExtensionNumbersOfType = "None" },
            try answer {
                $0.fileContainingExtension = .with {
                    $0.containingType = "X509SVID"
                    $0.extensionNumber = 5
                }
            },
        ]
        #expect(unknown.map(\.errorResponse.errorCode) == [5, 5, 5, 5])
        #expect(unknown[3].errorResponse.errorMessage == "extension is not known here: 5 of X509SVID")
        let none = try answer { $0.allExtensionNumbersOfType = "X509SVID" }
        #expect(none.allExtensionNumbersResponse == .with { $0.baseTypeName = "X509SVID" })
        let error = #expect(throws: RPCError.self) { try answer { _ in } }
        #expect(error?.code == .invalidArgument)
    }

    @Test("WEP-22: the socket lists its services, and describes each of them")
    func listsTheServicesOfTheSocket() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let client = Grpc_Reflection_V1_ServerReflection.Client(wrapping: fixture.client)
            let (answers, continuation) = AsyncStream<Reflection.Response>.makeStream()
            try await client.serverReflectionInfo { writer in
                try await writer.write(.with { $0.listServices = "" })
                for await answer in answers {
                    for service in answer.listServicesResponse.service {
                        try await writer.write(.with { $0.fileContainingSymbol = service.name })
                    }
                    break
                }
            } onResponse: { response in
                var messages = response.messages.makeAsyncIterator()
                let list = try #require(try await messages.next())
                continuation.yield(list)
                #expect(
                    list.listServicesResponse.service.map(\.name) == [
                        "SpiffeWorkloadAPI", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection",
                    ])
                for service in list.listServicesResponse.service {
                    let description = try #require(try await messages.next())
                    #expect(!description.fileDescriptorResponse.fileDescriptorProto.isEmpty, "\(service.name)")
                }
                #expect(try await messages.next() == nil)
            }
        }
    }
}
