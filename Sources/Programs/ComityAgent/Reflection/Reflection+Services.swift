// SPDX-License-Identifier: Apache-2.0

import ComityTransport
package import GRPCCore
import ServerAPIProtos
import WorkloadAPIProtos

extension Reflection {
    /// Tells of the services as they are registered, and of itself.
    package init(of services: [any RegistrableRPCService]) throws {
        var router = RPCRouter<PeerServerTransport>()
        for service in services { service.registerMethods(with: &router) }
        var names = Set(router.methods.map(\.service.fullyQualifiedService))
        names.insert(Grpc_Reflection_V1_ServerReflection.descriptor.fullyQualifiedService)
        names.insert(Grpc_Reflection_V1alpha_ServerReflection.descriptor.fullyQualifiedService)
        self.init(
            services: names,
            descriptors: try DescriptorIndex(
                serialized: [WorkloadAPIFileDescriptors.serialized, ServerAPIFileDescriptors.serialized]))
    }
}
