// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import GRPCProtobuf
import SPIFFE
import ServerAPIProtos
import SwiftASN1
import SwiftProtobuf
import X509

/// A node that sends the server what it likes, in messages of its own.
struct RawNode {
    typealias Agent = Spire_Api_Server_Agent_V1_Agent.Client<GRPCConnection>
    typealias SVID = Spire_Api_Server_Svid_V1_SVID.Client<GRPCConnection>

    let domain: Deployment
    let bundle: SPIFFEBundle
    /// What it proves itself with; nothing before it is attested.
    var credential: X509Credential?

    init(of domain: Deployment) async throws {
        self.domain = domain
        let document = try await domain.server("bundle", "show", "-format", "spiffe").check().output
        bundle = try SPIFFEBundle(
            document: Array(document.trimmingCharacters(in: .whitespacesAndNewlines).utf8),
            trustDomain: try TrustDomain(domain.trustDomain))
    }

    /// Calls the server's port.
    func call<Result: Sendable>(
        _ body: (GRPCClient<GRPCConnection>) async throws -> Result
    ) async throws -> Result {
        let (bundles, credential) = (BundleSet([bundle]), credential)
        let server = try SPIFFEID("spiffe://\(domain.trustDomain)/spire/server")
        let tls = ClientTLS.spiffe(
            bundles: { bundles }, authorizer: .id(server), credential: { credential })
        return try await GRPCConnector.tls(host: "127.0.0.1", port: domain.ports.server, tls).withClient(body)
    }

    /// Offers a join token; answers with the chain that the server signed.
    func attest(_ token: String, csr: Data, over client: GRPCClient<GRPCConnection>) async throws -> [Certificate] {
        let result = try await Agent(wrapping: client).attestAgent { writer in
            try await writer.write(
                .with {
                    $0.params.data.type = "join_token"
                    $0.params.data.payload = Data(token.utf8)
                    $0.params.params.csr = csr
                })
        } onResponse: { response in
            for try await message in response.messages { return message.result }
            throw RPCError(code: .unknown, message: "server sent nothing")
        }
        return try result.svid.certChain.map { try Certificate(derEncoded: Array($0)) }
    }
}

/// A certificate request of openssl, and its key.
struct ForeignRequest {
    let der: Data
    let key: Certificate.PrivateKey?

    /// - Parameters:
    ///   - key: such as `ec` or `rsa:1024`.
    ///   - uri: the identity that it asks for.
    init(key kind: String = "ec", uri: String, in folder: TemporaryFolder) async throws {
        let name = UUID().uuidString
        let curve = kind == "ec" ? ["-pkeyopt", "ec_paramgen_curve:P-256"] : []
        try await ToolCommand.run(
            "openssl",
            ["req", "-new", "-newkey", kind] + curve + [
                "-nodes", "-subj", "/O=Stranger", "-addext", "subjectAltName=URI:\(uri)", "-outform", "DER",
                "-keyout", folder.path("\(name).key"), "-out", folder.path("\(name).csr"),
            ]
        ).check()
        der = try Data(contentsOf: URL(filePath: folder.path("\(name).csr")))
        let pem = try String(contentsOfFile: folder.path("\(name).key"), encoding: .utf8)
        key = try? Certificate.PrivateKey(pemEncoded: pem)
    }
}
