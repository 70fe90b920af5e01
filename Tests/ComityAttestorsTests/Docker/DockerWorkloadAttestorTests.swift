// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityRegistry
import ComityTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct DockerWorkloadAttestorTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let container = """
        {"Id":"\(id)","State":{"Pid":70},"Image":"sha256:abc","Config":{"Image":"web:1",
        "Labels":{"app":"web","a:b":"c"},"Env":["PATH=/bin","X=1:2"]}}
        """

    private let folder: TemporaryFolder
    private let settings: DockerAttestorSettings

    init() throws {
        folder = try TemporaryFolder()
        var settings = DockerAttestorSettings()
        settings.socketPath = folder.path("docker.sock")
        settings.podmanSocketPath = folder.path("podman.sock")
        self.settings = settings
        try process(70, in: "/system.slice/docker-\(Self.id).scope")
        try process(71, in: "/system.slice/docker-\(Self.id).scope/below")
    }

    @Test func selectorsAreLabelsEnvironmentAndImage() async throws {
        try await serving { endpoint in
            let attestor = DockerWorkloadAttestor(settings, procRoot: folder.path)
            let selectors = try await attestor.attest(process(71))
            _ = try await attestor.attest(process(70))

            #expect(
                selectors == [
                    try Selector("docker:label:app:web"), try Selector("docker:label:a:b:c"),
                    try Selector("docker:env:PATH=/bin"), try Selector("docker:env:X=1:2"),
                    try Selector("docker:image_id:web:1"), try Selector("docker:image_config_digest:sha256:abc"),
                ])
            // The version is agreed on once.
            let path = "/v1.40/containers/\(Self.id)/json"
            #expect(targets(endpoint) == ["/_ping", path, path])
        }
    }

    @Test(arguments: [("1.99", "1.47"), ("1.40", "1.40"), ("2.0", "1.47"), ("x", "1.24"), ("", "1.24")])
    func agreesOnAVersion(offered: String, version: String) async throws {
        try await serving(version: offered) { endpoint in
            _ = try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
            #expect(targets(endpoint).last == "/v\(version)/containers/\(Self.id)/json")
        }
    }

    @Test func versionMayBeSet() async throws {
        var settings = settings
        settings.version = "1.30"
        try await serving { endpoint in
            _ = try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
            #expect(targets(endpoint) == ["/v1.30/containers/\(Self.id)/json"])
        }
    }

    @Test func processOutsideOfContainersHasNoSelectors() async throws {
        try process(72, in: "/user.slice/user-1000.slice/session-1.scope")
        // Nobody serves the socket, and nobody is asked.
        #expect(try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(72)).isEmpty)
    }

    /// Users may make control groups of any name below their own.
    @Test(arguments: [
        "/user.slice/user-1000.slice/user@1000.service/docker-$id.scope", "/system.slice/docker-$id.scopes",
        "/other/docker/$id",
    ])
    func nameOfAControlGroupAloneProvesNothing(path: String) async throws {
        try process(73, in: path.replacing("$id", with: Self.id))
        try await serving { _ in
            await #expect(throws: AttestationError(.permissionDenied, "")) {
                try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(73))
            }
        }
    }

    @Test(arguments: [
        ("404 Not Found", "{\"message\":\"No such container\"}"), ("200 OK", "<html>"),
        ("200 OK", "{\"State\":{\"Pid\":0}}"),
        ("200 OK", "{}"),
    ])
    func otherAnswersAreErrors(status: String, body: String) async throws {
        _ = try await ScriptedEndpoint.with(
            socket: settings.socketPath, { _ in [.response(status, body: body)] }
        ) { _ in
            await #expect(throws: AttestationError(.unavailable, "")) {
                try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
            }
        }
        await #expect(throws: AttestationError(.unavailable, "")) {
            try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
        }
        await #expect(throws: AttestationError.self) {
            try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(99))
        }
    }

    @Test func podmanIsAskedForItsContainers() async throws {
        try process(70, in: "/machine.slice/libpod-\(Self.id).scope/container")
        try await serving(at: settings.podmanSocketPath) { endpoint in
            let selectors = try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
            #expect(selectors.contains(try Selector("docker:image_id:web:1")))
            #expect(targets(endpoint).count == 2)
        }
    }

    @Test func podmenOfUsersAreBelievedOnlyWhenNamed() async throws {
        try process(70, in: "/user.slice/user-1000.slice/user@1000.service/libpod-\(Self.id).scope")
        #expect(try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(70)).isEmpty)

        var settings = settings
        settings.podmanSocketTemplate = folder.path("%d.sock")
        try await serving(at: folder.path("1000.sock")) { _ in
            let selectors = try await DockerWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
            #expect(selectors.contains(try Selector("docker:label:app:web")))
        }
    }

    // MARK: - A machine with containers

    private func process(_ id: Int32) -> WorkloadProcess {
        WorkloadProcess(processID: id, userID: 1, groupID: 1)
    }

    private func process(_ id: Int32, in cgroup: String) throws {
        try FileManager.default.createDirectory(atPath: folder.path("\(id)"), withIntermediateDirectories: true)
        try "0::\(cgroup)\n".write(toFile: folder.path("\(id)/cgroup"), atomically: true, encoding: .utf8)
    }

    private func serving(
        at path: String? = nil, version: String = "1.40", _ body: (ScriptedEndpoint) async throws -> Void
    ) async throws {
        try await ScriptedEndpoint.with(
            socket: path ?? settings.socketPath,
            { target in
                let headers = version.isEmpty ? [] : ["API-Version: \(version)"]
                return [
                    target == "/_ping" ? .response("200 OK", headers: headers, body: "OK") : .document(Self.container)
                ]
            }, body)
    }

    private func targets(_ endpoint: ScriptedEndpoint) -> [String] {
        endpoint.requests.compactMap { request in request.split(separator: " ").dropFirst().first.map(String.init) }
    }
}
