// SPDX-License-Identifier: Apache-2.0

package import ComityTesting
import HTTPTypes
import HummingbirdCore
import NIOCore
package import SPIFFE
import Synchronization
import X509

/// A kubelet that serves `/pods` over TLS to whoever has its token. It ends with the last reference to it.
///
/// ```swift
/// let kubelet = try await FakeKubelet.start(ca: ca, token: "t")
/// kubelet.pods = [FakeKubelet.pod("web-0", namespace: "shop", containerIDs: ["web": id])]
/// ```
package final class FakeKubelet: Sendable {
    package var port: Int { server.port }

    private let server: LoopbackServer
    private let list: PodList

    /// - Parameter token: what callers have to bear.
    package static func start(ca: TestCA, token: String) async throws -> FakeKubelet {
        let list = PodList()
        let identity = try ca.leaf { $0.names = [.ipAddress(127, 0, 0, 1), .dnsName("localhost")] }
        let server = try await LoopbackServer(try identity.serverTLSConfiguration()) { request, writer, _ in
            let (status, type, text) = list.answer(to: request, token: token)
            let fields: HTTPFields = [.contentType: type, .contentLength: "\(text.utf8.count)"]
            try await writer.write(
                response: HTTPResponse(status: status, headerFields: fields),
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        return FakeKubelet(server, list)
    }

    private init(_ server: LoopbackServer, _ list: PodList) {
        self.server = server
        self.list = list
    }

    /// The pods of the node, as the kubelet tells them.
    package var pods: [JSONValue] {
        get { list.pods.withLock { $0 } }
        set { list.pods.withLock { $0 = newValue } }
    }
}

/// What a kubelet answers.
private final class PodList: Sendable {
    let pods = Mutex<[JSONValue]>([])

    func answer(to request: Request, token: String) -> (HTTPResponse.Status, type: String, text: String) {
        guard request.headers[.authorization] == "Bearer \(token)" else {
            return (.unauthorized, "text/plain; charset=utf-8", "Unauthorized")
        }
        guard request.method == .get, request.uri.path == "/pods" || request.uri.path == "/pods/" else {
            return (.notFound, "text/plain; charset=utf-8", "404 page not found\n")
        }
        let value: JSONValue = [
            "kind": "PodList", "apiVersion": "v1", "metadata": [:], "items": .array(pods.withLock { $0 }),
        ]
        return (.ok, "application/json", "\(value)")
    }
}
