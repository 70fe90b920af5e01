// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FakeKubeletTests {
    @Test func podsAreToldToWhoeverHasTheToken() async throws {
        let ca = try TestCA()
        let folder = try TemporaryFolder()
        try ca.rootPEM.write(toFile: folder.path("ca.crt"), atomically: true, encoding: .utf8)
        let kubelet = try await FakeKubelet.start(ca: ca, token: "right")
        kubelet.pods = [
            FakeKubelet.pod("web-0", namespace: "shop", containerIDs: ["web": "containerd://1", "late": ""])
        ]
        let call = ["--silent", "--cacert", folder.path("ca.crt"), "https://127.0.0.1:\(kubelet.port)/pods"]
        let refused = try await ToolCommand.run("curl", call + ["--header", "Authorization: Bearer wrong"])
        #expect(refused.output == "Unauthorized")
        let answer = try await ToolCommand.run("curl", call + ["--header", "Authorization: Bearer right"])
        let list = try JSONValue(parsing: Array(answer.check().output.utf8), maximumBytes: 1 << 20)
        #expect(list["kind"] == "PodList")
        let pod = try #require(list["items"]?.array?.first)
        #expect(pod[at: "metadata", "name"] == "web-0")
        let containers = try #require(pod[at: "status", "containerStatuses"]?.array)
        #expect(containers.map { $0["containerID"]?.string } == [nil, "containerd://1"])
        withExtendedLifetime(kubelet) {}
    }
}
