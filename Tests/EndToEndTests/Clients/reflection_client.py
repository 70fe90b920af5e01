# SPDX-License-Identifier: Apache-2.0
"""A workload in Python that knows nothing of the Workload API and finds it by gRPC server reflection.

reflection_client.py SOCKET AUDIENCE  the services, as v1 and v1alpha list them, and the answer to FetchJWTSVID, as JSON
"""

import json
import sys

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse

TIMEOUT = 30


def services_by_v1(channel):
    """The package has v1alpha only; both have the same messages."""
    call = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=ServerReflectionRequest.SerializeToString,
        response_deserializer=ServerReflectionResponse.FromString,
    )
    answers = call(iter([ServerReflectionRequest(list_services="")]), timeout=TIMEOUT)
    return sorted(service.name for service in next(answers).list_services_response.service)


def main():
    socket, audience = sys.argv[1:]
    with grpc.insecure_channel(f"unix://{socket}") as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        pool = DescriptorPool(database)
        service = pool.FindServiceByName("SpiffeWorkloadAPI")
        method = service.FindMethodByName("FetchJWTSVID")
        fetch = channel.unary_unary(
            f"/{service.full_name}/{method.name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        request = GetMessageClass(method.input_type)(audience=[audience])
        answer = fetch(request, metadata=[("workload.spiffe.io", "true")], timeout=TIMEOUT)
        result = {
            "services": sorted(database.get_services()),
            "services_by_v1": services_by_v1(channel),
            "methods": sorted(method.name for method in service.methods),
            "svids": MessageToDict(answer, preserving_proto_field_name=True)["svids"],
        }
    print(json.dumps(result))


main()
