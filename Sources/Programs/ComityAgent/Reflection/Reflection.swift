// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import GRPCCore
package import ServerAPIProtos
import SwiftProtobuf

/// What gRPC server reflection answers: which services there are, and the proto files that describe them.
package struct Reflection: Sendable {
    package typealias Request = Grpc_Reflection_V1_ServerReflectionRequest
    package typealias Response = Grpc_Reflection_V1_ServerReflectionResponse

    private let services: [String]
    private let descriptors: DescriptorIndex

    /// - Parameter services: Full names.
    package init(services: Set<String>, descriptors: DescriptorIndex) {
        self.services = services.sorted()
        self.descriptors = descriptors
    }

    /// - Throws: `RPCError` with code `invalidArgument` when the request asks for nothing.
    package func answer(_ request: Request) throws(RPCError) -> Response {
        var response = Response()
        response.validHost = request.host
        response.originalRequest = request
        response.messageResponse =
            switch request.messageRequest {
            case .listServices: .listServicesResponse(list)
            case .fileByFilename(let name):
                files(descriptors.files(named: name), orUnknown: "file", name)
            case .fileContainingSymbol(let symbol):
                files(descriptors.files(declaring: symbol), orUnknown: "symbol", symbol)
            case .allExtensionNumbersOfType(let type): extensionNumbers(of: type)
            // There are no extensions, as there are none in proto3 but of options.
            case .fileContainingExtension(let wanted):
                unknown("extension", "\(wanted.extensionNumber) of \(wanted.containingType)")
            case nil:
                throw RPCError(
                    code: .invalidArgument, message: "reflection request names neither a file nor a symbol nor a list")
            }
        return response
    }

    // MARK: - Private

    private typealias Answer = Response.OneOf_MessageResponse

    private var list: Grpc_Reflection_V1_ListServiceResponse {
        .with { list in
            list.service = services.map { name in .with { $0.name = name } }
        }
    }

    private func files(_ files: [Data]?, orUnknown kind: String, _ name: String) -> Answer {
        guard let files else { return unknown(kind, name) }
        return .fileDescriptorResponse(.with { $0.fileDescriptorProto = files })
    }

    private func extensionNumbers(of type: String) -> Answer {
        guard descriptors.hasMessage(type) else { return unknown("message", type) }
        return .allExtensionNumbersResponse(.with { $0.baseTypeName = type })
    }

    private func unknown(_ kind: String, _ name: String) -> Answer {
        .errorResponse(
            .with {
                $0.errorCode = Int32(RPCError.Code.notFound.rawValue)
                $0.errorMessage = "\(kind) is not known here: \(name)"
            })
    }
}
