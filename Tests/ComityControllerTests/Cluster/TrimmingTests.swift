// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@testable import ComityController

@Suite struct TrimmingTests {
    private func json(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), maximumBytes: 1 << 20)
    }

    @Test("a pod is kept as text, whole but for what nobody looks at")
    func keepsPods() throws {
        let pod = try json(
            """
            {"metadata": {"name": "p", "namespace": "n", "uid": "u", "resourceVersion": "5", "labels": {"a": "b"},
             "managedFields": [1]}, "spec": {"nodeName": "x"}, "status": {"phase": "Running", "podIP": "10.0.0.1"}}
            """)
        let kept = Trimming.pod(pod)
        #expect(kept["metadata"]?["resourceVersion"] == .string("5"))
        let read = try #require(Trimming.pod(of: kept))
        #expect(read["metadata"]?["labels"]?["a"] == .string("b"))
        #expect(read["metadata"]?["managedFields"] == nil)
        #expect(read["spec"] == pod["spec"])
        #expect(read["status"] == .object(["phase": .string("Running")]))
    }

    @Test("services of a pod: by slices of whichever number, and by Endpoints, ready or not")
    func readsServices() throws {
        let slice = try json(
            """
            {"metadata": {"name": "s-1", "namespace": "n", "labels": {"kubernetes.io/service-name": "s"}},
             "endpoints": [{"targetRef": {"kind": "Pod", "uid": "a"}, "conditions": {"ready": false}},
                           {"targetRef": {"kind": "Node", "uid": "b"}}, {}]}
            """)
        #expect(Trimming.endpointSlice(slice)["service"] == .string("s"))
        #expect(Trimming.endpointSlice(slice)["pods"] == .array([.string("a")]))
        let endpoints = try json(
            """
            {"metadata": {"name": "s", "namespace": "n"}, "subsets": [
             {"addresses": [{"targetRef": {"kind": "Pod", "uid": "a"}}],
              "notReadyAddresses": [{"targetRef": {"kind": "Pod", "uid": "b"}}]}]}
            """)
        #expect(Trimming.endpoints(endpoints)["pods"] == .array([.string("a"), .string("b")]))
    }

    @Test(
        arguments: [
            ("kubernetes.default.svc.cluster.local", "cluster.local"),
            ("kubernetes.default.svc.corp.test.", "corp.test"),
            ("kubernetes.default.svc", nil), ("other", nil), (nil, nil),
        ] as [(String?, String?)])
    func readsTheClusterDomain(name: String?, domain: String?) {
        #expect(ClusterDomain.domain(ofCanonicalName: name) == domain)
    }
}
