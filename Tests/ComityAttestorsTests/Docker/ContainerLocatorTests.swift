// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Testing

@Suite struct ContainerLocatorTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let other = String(repeating: "f", count: 64)

    @Test(arguments: [
        ("0::/system.slice/docker-$id.scope", true), ("12:devices:/docker/$id\n1:name=systemd:/docker/$id", true),
        ("0::/../../docker/$id", true), ("0::/machine.slice/libpod-$id.scope/container", true),
        ("0::/my.slice/$id", true), ("0::/", false), ("0::/user.slice/user-1000.slice/session-1.scope", false),
        ("0::/kubepods/burstable/pod1/$id", false), ("0::/system.slice/x$id.scope", false), ("", false),
        ("0::/system.slice/docker-$idf.scope", false), ("0::/docker/0123456789ABCDEF", false),
    ])
    func findsContainersOfAnyRuntime(cgroups: String, isFound: Bool) throws {
        let found = try ContainerLocator.anyRuntime.container(inCgroups: cgroups.replacing("$id", with: Self.id))
        #expect(found?.id == (isFound ? Self.id : nil))
    }

    @Test(arguments: [
        (ContainerLocator.docker, "0::/docker/$id", true), (.docker, "0::/my.slice/$id", false),
        (.patterns(["/my/*/<id>"]), "0::/my/one/$id", true), (.patterns(["/my/*/<id>"]), "0::/my/one/two/$id", false),
        (.patterns(["/a/<id>", "/b/<id>"]), "0::/b/any", true), (.patterns(["/a/<id>"]), "0::/b/any", false),
    ])
    func findsContainersAsTold(locator: ContainerLocator, cgroups: String, isFound: Bool) throws {
        let found = try locator.container(inCgroups: cgroups.replacing("$id", with: Self.id))
        #expect((found != nil) == isFound)
    }

    @Test func refusesTwoContainersAndWhatIsNoTable() {
        let error = #expect(throws: AttestationError.self) {
            try ContainerLocator.anyRuntime.container(inCgroups: "1::/docker/\(Self.id)\n2::/docker/\(Self.other)")
        }
        #expect(error?.message == "multiple container IDs found in cgroups (\(Self.id), \(Self.other))")
        #expect(throws: AttestationError.self) { try ContainerLocator.anyRuntime.container(inCgroups: "nonsense") }
    }
}
