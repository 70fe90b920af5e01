// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftASN1
import SwiftProtobuf
import X509

/// The agent's half of attestation and renewal, as small as it can be.
struct TestAgent: Sendable {
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())

    /// A request that may also wish for an identity, which no server must heed.
    func csr(wishingFor uri: String? = nil) throws -> Data {
        var attributes = CertificateSigningRequest.Attributes()
        if let uri {
            let names = try Certificate.Extension(
                SubjectAlternativeNames([.uniformResourceIdentifier(uri)]), critical: false)
            attributes = try CertificateSigningRequest.Attributes([.init(ExtensionRequest(extensions: .init([names])))])
        }
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: key, attributes: attributes)
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return Data(serializer.serializedBytes)
    }

    func credential(_ svid: Spire_Api_Types_X509SVID) throws -> X509Credential {
        try X509Credential(
            certificates: try svid.certChain.map { try Certificate(derEncoded: Array($0)) }, privateKey: key)
    }

    /// Attests by a join token.
    func attest(_ token: String, to server: ServerFixture, csr: Data? = nil) async throws -> X509Credential {
        let request = Spire_Api_Server_Agent_V1_AttestAgentRequest.with {
            $0.params.data.type = "join_token"
            $0.params.data.payload = Data(token.utf8)
            $0.params.params.csr = (try? csr ?? self.csr()) ?? Data()
        }
        return try credential(try await attest(request, to: server).svid)
    }

    func attest(
        _ request: Spire_Api_Server_Agent_V1_AttestAgentRequest, to server: ServerFixture
    ) async throws -> Spire_Api_Server_Agent_V1_AttestAgentResponse.Result {
        try await server.call { client in
            try await ServerFixture.Agent(wrapping: client).attestAgent { writer in
                try await writer.write(request)
            } onResponse: { response in
                for try await message in response.messages {
                    return message.result
                }
                throw RPCError(code: .unknown, message: "server sent nothing")
            }
        }
    }

    func renew(_ current: X509Credential, at server: ServerFixture) async throws -> X509Credential {
        let csr = try csr()
        let answer = try await server.call(as: current) {
            try await ServerFixture.Agent(wrapping: $0).renewAgent(.with { $0.params.csr = csr })
        }
        return try credential(answer.svid)
    }
}

extension ServerFixture {
    /// A join token as `token generate` makes it.
    func joinToken(ttl: Int32 = 600, _ text: String = "", alias: SPIFFEID? = nil) async throws -> String {
        try await operate { client in
            try await Agent(wrapping: client).createJoinToken(
                .with {
                    $0.ttl = ttl
                    $0.token = text
                    if let alias {
                        $0.agentID.trustDomain = alias.trustDomain.name
                        $0.agentID.path = alias.path
                    }
                })
        }.value
    }
}
