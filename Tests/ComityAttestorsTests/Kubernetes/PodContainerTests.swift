// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Testing

@Suite struct PodContainerTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let other = String(repeating: "f", count: 64)
    private static let uid = "2c48913c-b29f-11e7-9350-020968147796"
    private static let otherUID = "daa5c7ee-3484-4533-af39-3591564fd03e"

    /// `$id`, `$uid` and `$UID`, the UID with underscores, stand for what is to be found.
    @Test(arguments: [
        // Driver cgroupfs.
        "0::/kubepods/burstable/pod$uid/$id", "11:memory:/kubepods/besteffort/pod$uid/$id",
        "0::/kubepods/pod$uid/$id/below",
        // Driver systemd: containerd, CRI-O, docker, and a runtime that puts a group below.
        "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod$UID.slice/cri-containerd-$id.scope",
        "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod$UID.slice/crio-$id.scope/container",
        "0::/kubepods.slice/kubepods-pod$UID.slice/docker-$id.scope",
        // containerd by cgroupfs under a kubelet by systemd.
        "0::/system.slice/containerd.service/kubepods-burstable-pod$UID.slice:cri-containerd:$id",
        // kind, seen from outside of the machine's container and from within.
        "0::/docker/$other/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod$UID.slice/cri-containerd-$id.scope",
        "4:cpu:/docker/$other/kubelet/kubepods/besteffort/pod$uid/$id",
        "0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod$UID.slice/cri-containerd-$id.scope",
        // Seen from the agent's own control group.
        "0::/../../kubepods-burstable.slice/kubepods-burstable-pod$UID.slice/cri-containerd-$id.scope",
        "0::/../../pod$uid/$id",
        // Version 1 and 2 side by side: what names no pod is of the machine.
        "1:cpuset:/docker/$other/kubepods/besteffort/pod$uid/$id\n0::/docker/$other/system.slice/containerd.service",
        "0::/../cri-containerd-$other.scope\n1:cpuset:/kubepods/pod$uid/$id",
        "1:name=systemd:/kubepods/pod$uid/$id\n2:cpu:/kubepods/pod$uid/$id\n3:pids:/",
    ])
    func findsContainerAndPod(cgroups: String) throws {
        #expect(try Self.find(cgroups) == PodContainer(podUID: Self.uid, containerID: Self.id))
    }

    @Test func findsStaticPods() throws {
        let found = try Self.find("0::/kubepods/burstable/pod0123456789abcdef0123456789abcdef/$id")
        #expect(found == PodContainer(podUID: "0123456789abcdef0123456789abcdef", containerID: Self.id))
    }

    @Test(arguments: ["0::/../cri-containerd-$id.scope", "0::/../crio-$id.scope/container", "5:memory:/../$id"])
    func findsContainersBesideTheAgents(cgroups: String) throws {
        #expect(try Self.find(cgroups) == PodContainer(podUID: nil, containerID: Self.id))
    }

    @Test(arguments: [
        "0::/", "", "0::/user.slice/user-1000.slice/session-1.scope", "0::/system.slice/sshd.service",
        "0::/docker/$id", "0::/system.slice/docker-$id.scope", "0::/../../$id", "0::/../..//cri-containerd-$id.scope",
        "0::/kubepods/pod$uid", "0::/kubepods/podinfo/$id", "0::/kubepods/pod$uid0/$id", "0::/kubepods/xpod$uid/$id",
        "0::/kubepods/pod$uid/$idf", "0::/kubepods/pod12345678-b29f/$id",
    ])
    func findsNothingOutsideOfPods(cgroups: String) throws {
        #expect(try Self.find(cgroups) == nil)
    }

    /// A container that may make control groups can give them any name.
    @Test func outermostPodCounts() throws {
        let cgroups = "0::/kubepods/pod$uid/$id/kubepods/pod\(Self.otherUID)/\(Self.other)"
        #expect(try Self.find(cgroups) == PodContainer(podUID: Self.uid, containerID: Self.id))
    }

    @Test(arguments: ["user.slice/user-1000.slice/user@1000.service", "../../user.slice", "user-7.slice"])
    func usersNamePods(slice: String) {
        #expect(throws: AttestationError(.permissionDenied, "")) {
            try Self.find("0::/\(slice)/kubepods-pod$UID.slice/cri-containerd-$id.scope")
        }
    }

    @Test(arguments: [
        ("1:a:/kubepods/pod$uid/$id\n2:b:/kubepods/pod\(otherUID)/$id", "multiple pod UIDs found"),
        ("1:a:/kubepods/pod$uid/$id\n2:b:/kubepods/pod$uid/$other", "multiple container IDs found"),
        ("1:a:/../$id\n2:b:/../$other", "multiple container IDs found"), ("nonsense", "fewer than two colons"),
    ])
    func refusesWhatIsNotCertain(cgroups: String, message: String) {
        let error = #expect(throws: AttestationError.self) { try Self.find(cgroups) }
        #expect(error?.message.contains(message) == true)
    }

    private static func find(_ text: String) throws -> PodContainer? {
        try PodContainer(
            ControlGroups(
                parsing: text.replacing("$id", with: id).replacing("$other", with: other).replacing("$uid", with: uid)
                    .replacing("$UID", with: uid.replacing("-", with: "_"))))
    }
}
