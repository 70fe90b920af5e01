// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityRegistry
import ComityTesting
import Foundation
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct KubernetesWorkloadAttestorTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let uid = "2c48913c-b29f-11e7-9350-020968147796"
    private static let pod = """
        {"metadata":{"name":"web-0","namespace":"shop","uid":"\(uid)",
        "labels":{"app.kubernetes.io/name":"web","tier":"a.b_c","ünïcode":"é:ü","odd":7},
        "ownerReferences":[{"kind":"StatefulSet","name":"web","uid":"own-1"},{"kind":"Other","name":"o","uid":"own-2"}]},
        "spec":{"serviceAccountName":"seller","nodeName":"node-1"},
        "status":{"containerStatuses":[
        {"name":"web","containerID":"containerd://\(id)","image":"docker.io/web:1","imageID":"docker.io/web@sha256:ab"},
        {"name":"late","image":"docker.io/late:1","imageID":""}],
        "initContainerStatuses":[{"name":"init","containerID":"containerd://1","image":"i:1","imageID":"i@sha256:cd"}]}}
        """
    private static let podSelectors: Set<String> = [
        "k8s:ns:shop", "k8s:sa:seller", "k8s:node-name:node-1", "k8s:pod-uid:\(uid)", "k8s:pod-name:web-0",
        "k8s:pod-image-count:2", "k8s:pod-init-image-count:1", "k8s:pod-image:docker.io/web:1",
        "k8s:pod-image:docker.io/web@sha256:ab", "k8s:pod-image:docker.io/late:1", "k8s:pod-init-image:i:1",
        "k8s:pod-init-image:i@sha256:cd", "k8s:pod-label:app.kubernetes.io/name:web", "k8s:pod-label:tier:a.b_c",
        "k8s:pod-label:ünïcode:é:ü", "k8s:pod-owner:StatefulSet:web", "k8s:pod-owner-uid:StatefulSet:own-1",
        "k8s:pod-owner:Other:o", "k8s:pod-owner-uid:Other:own-2",
    ]
    private static let containerSelectors: Set<String> = [
        "k8s:container-name:web", "k8s:container-image:docker.io/web:1",
        "k8s:container-image:docker.io/web@sha256:ab",
    ]

    private let folder: TemporaryFolder
    private let ca: TestCA

    init() throws {
        folder = try TemporaryFolder()
        ca = try TestCA()
        try ca.rootPEM.write(toFile: folder.path("ca.crt"), atomically: true, encoding: .utf8)
        try "secret-token\n".write(toFile: folder.path("token"), atomically: true, encoding: .utf8)
        try process(70, in: "/kubepods/pod\(Self.uid)/\(Self.id)")
    }

    // MARK: - What is told

    @Test func selectorsAreOfPodAndContainer() async throws {
        try await serving(Self.list(Self.pod)) { kubelet in
            let selectors = try await attestor(kubelet).attest(process(70))
            #expect(Set(selectors.map(\.description)) == Self.podSelectors.union(Self.containerSelectors))
            let request = try #require(kubelet.requests.first)
            #expect(request.hasPrefix("GET /pods HTTP/1.1"))
            #expect(request.lowercased().contains("authorization: bearer secret-token\r\n"))
        }
    }

    @Test func containersOfTheAgentsOwnPodAreFoundWithoutItsUID() async throws {
        try process(71, in: "/../cri-containerd-\(Self.id).scope")
        try await serving(Self.list(#"{"metadata":{"name":"no-uid"}}"#, Self.pod)) { kubelet in
            let selectors = try await attestor(kubelet).attest(process(71))
            #expect(selectors.count == 22)
        }
    }

    @Test func initContainersHaveSelectorsToo() async throws {
        let id = String(repeating: "1", count: 64)
        try process(71, in: "/kubepods/pod\(Self.uid)/\(id)")
        try await serving(Self.list(Self.pod.replacing("containerd://1", with: "cri-o://\(id)"))) { kubelet in
            let selectors = try await attestor(kubelet).attest(process(71)).map(\.description)
            #expect(selectors.contains("k8s:container-name:init"))
            #expect(selectors.contains("k8s:container-image:i@sha256:cd"))
        }
    }

    @Test func processOutsideOfPodsHasNoSelectors() async throws {
        try process(72, in: "/user.slice/user-1000.slice/session-1.scope")
        // Nobody is asked.
        var settings = KubernetesAttestorSettings()
        settings.connection = .plain(port: 1)
        #expect(
            try await KubernetesWorkloadAttestor(settings, procRoot: folder.path).attest(process(72)).isEmpty)
    }

    @Test func withoutContainerSelectorsThePodIsEnough() async throws {
        try process(71, in: "/kubepods/pod\(Self.uid)/\(String(repeating: "2", count: 64))")
        try await serving(Self.list(Self.pod)) { kubelet in
            let attestor = attestor(kubelet) { $0.tellsContainers = false }
            for id: Int32 in [70, 71] {
                let selectors = try await attestor.attest(process(id))
                #expect(Set(selectors.map(\.description)) == Self.podSelectors)
            }
        }
    }

    // MARK: - Asking again

    @Test func asksAgainUntilTheKubeletKnowsTheContainer() async throws {
        let answers = Mutex([Self.list(), Self.list(Self.pod.replacing(Self.id, with: "")), Self.list(Self.pod)])
        let time = Moments()
        try await serving({ _ in [.document(answers.withLock { $0.removeFirst() })] }) { kubelet in
            let selectors = try await attestor(kubelet, time).attest(process(70))
            #expect(selectors.count == 22)
            #expect(time.waits == [.milliseconds(500), .milliseconds(500)])
        }
    }

    @Test func givesUpAfterAllAttempts() async throws {
        let time = Moments()
        try await serving(Self.list()) { kubelet in
            let attestor = attestor(kubelet, time) {
                $0.maximumAttempts = 3
                $0.retryInterval = .seconds(1)
            }
            let error = await #expect(throws: AttestationError.self) { try await attestor.attest(process(70)) }
            #expect(error?.message.hasPrefix("no selectors found after max poll attempts: after 3 attempts") == true)
            #expect(error?.message.contains("in pod \(Self.uid)") == true)
            #expect(time.waits == [.seconds(1), .seconds(1)] && kubelet.requests.count == 3)
        }
    }

    @Test func aBurstOfCallersAsksOnce() async throws {
        let time = Moments()
        try await serving(Self.list(Self.pod)) { kubelet in
            let attestor = attestor(kubelet, time)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 { group.addTask { _ = try await attestor.attest(process(70)) } }
                try await group.waitForAll()
            }
            #expect(kubelet.requests.count == 1)
            time.pass(.milliseconds(250))
            _ = try await attestor.attest(process(70))
            #expect(kubelet.requests.count == 2)
        }
    }

    // MARK: - A kubelet that cannot be believed or asked

    @Test(arguments: [
        (
            "401 Unauthorized", "Unauthorized",
            "unexpected status code on pods response: 401 \"Unauthorized\"; the kubelet"
        ),
        ("403 Forbidden", "Forbidden", "give the service account of the agent the verb get on nodes/proxy"),
        ("302 Found", "", "unexpected status code on pods response: 302"),
        ("200 OK", "<html>", "unable to parse kubelet response"),
        ("200 OK", "{\"items\":7}", "it holds no list of pods"), ("200 OK", "[]", "it holds no list of pods"),
        ("200 OK", list(pod, pod), "two pods found with same container Id"),
        ("200 OK", list(pod.replacing("\"a.b_c\"", with: "\"a\\u0000b\"")), "selector contains a NUL byte"),
    ])
    func otherAnswersAreErrors(status: String, body: String, message: String) async throws {
        try await serving({ _ in [.response(status, body: body)] }) { kubelet in
            let error = await #expect(throws: (any Error).self) { try await attestor(kubelet).attest(process(70)) }
            let said = error.map { "\($0)" } ?? ""
            #expect(said.contains(message))
        }
    }

    /// The pod that the kernel names must have the container; another's pod is no answer.
    @Test func aContainerInAnotherPodIsNotBelieved() async throws {
        try await serving(Self.list(Self.pod.replacing(Self.uid, with: "another"))) { kubelet in
            let attestor = attestor(kubelet, Moments()) { $0.maximumAttempts = 2 }
            await #expect(throws: AttestationError(.unavailable, "")) { try await attestor.attest(process(70)) }
        }
    }

    @Test func anEmptyListOfGoIsAList() async throws {
        try await serving(#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":null}"#) { kubelet in
            let attestor = attestor(kubelet, Moments()) { $0.maximumAttempts = 1 }
            let error = await #expect(throws: AttestationError.self) { try await attestor.attest(process(70)) }
            #expect(error?.message.contains("no selectors found after max poll attempts") == true)
        }
    }

    @Test func aKubeletThatIsNotThereIsNamed() async throws {
        let port = try FreePorts.two().0
        var settings = KubernetesAttestorSettings()
        settings.connection = .plain(port: port)
        let error = await #expect(throws: AttestationError.self) {
            try await KubernetesWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
        }
        #expect(error?.message.contains("kubelet does not answer at http://127.0.0.1:\(port)/pods") == true)
    }

    @Test(arguments: [
        ("ca.crt", "unable to load kubelet CA: open"), ("token", "unable to load token: open"),
    ])
    func missingFilesAreNamed(file: String, message: String) async throws {
        try FileManager.default.removeItem(atPath: folder.path(file))
        try await serving(Self.list(Self.pod)) { kubelet in
            let error = await #expect(throws: AttestationError.self) {
                try await attestor(kubelet).attest(process(70))
            }
            #expect(error?.message.contains(message) == true)
            #expect(error?.message.contains(folder.path(file)) == true)
        }
    }

    // MARK: - Whom to believe

    @Test func certificateOfAnotherAuthorityIsRefusedUnlessTold() async throws {
        try TestCA().rootPEM.write(toFile: folder.path("ca.crt"), atomically: true, encoding: .utf8)
        try await serving(Self.list(Self.pod)) { kubelet in
            await #expect(throws: AttestationError(.unavailable, "")) {
                try await attestor(kubelet).attest(process(70))
            }
            var settings = settings(kubelet)
            settings.connection = .secure(port: kubelet.port, authorityPath: nil, .none)
            let selectors = try await KubernetesWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
            #expect(selectors.count == 22)
            #expect(kubelet.requests.last?.lowercased().contains("authorization") == false)
        }
    }

    /// By a name the certificate must bear it; on the loopback interface no name is compared.
    @Test func certificateMustNameTheNode() async throws {
        try await serving(Self.list(Self.pod)) { kubelet in
            let named = KubernetesWorkloadAttestor(settings(kubelet), nodeName: "localhost", procRoot: folder.path)
            await #expect(throws: AttestationError(.unavailable, "")) { try await named.attest(process(70)) }
            let selectors = try await attestor(kubelet).attest(process(70))
            #expect(selectors.count == 22)
        }
    }

    @Test func agentMayShowACertificate() async throws {
        let leaf = try ca.leaf()
        try leaf.keyPEM.write(toFile: folder.path("key.pem"), atomically: true, encoding: .utf8)
        try ca.rootPEM.write(toFile: folder.path("certificate.pem"), atomically: true, encoding: .utf8)
        try await serving(Self.list(Self.pod)) { kubelet in
            var settings = settings(kubelet)
            let credential = KubernetesAttestorSettings.Credential.certificate(
                path: folder.path("certificate.pem"), keyPath: folder.path("missing.pem"))
            settings.connection = .secure(port: kubelet.port, authorityPath: folder.path("ca.crt"), credential)
            let error = await #expect(throws: AttestationError.self) {
                try await KubernetesWorkloadAttestor(settings, procRoot: folder.path).attest(process(70))
            }
            #expect(error?.message.contains("unable to load private key: open") == true)
        }
    }

    // MARK: - A node

    /// Time that passes when it is slept through.
    private final class Moments: Sendable {
        private let state = Mutex((now: ContinuousClock.now, waits: [Duration]()))

        var waits: [Duration] { state.withLock { $0.waits } }
        var now: ContinuousClock.Instant { state.withLock { $0.now } }

        func pass(_ duration: Duration) { state.withLock { $0.now += duration } }

        func sleep(_ duration: Duration) {
            state.withLock { state in
                state.now += duration
                state.waits.append(duration)
            }
        }
    }

    private static func list(_ pods: String...) -> String {
        #"{"kind":"PodList","items":[\#(pods.joined(separator: ","))]}"#
    }

    private func settings(_ kubelet: ScriptedEndpoint) -> KubernetesAttestorSettings {
        var settings = KubernetesAttestorSettings()
        settings.connection = .secure(
            port: kubelet.port, authorityPath: folder.path("ca.crt"), .token(path: folder.path("token")))
        return settings
    }

    private func attestor(
        _ kubelet: ScriptedEndpoint, _ time: Moments = Moments(),
        _ change: (inout KubernetesAttestorSettings) -> Void = { _ in }
    ) -> KubernetesWorkloadAttestor {
        var settings = settings(kubelet)
        change(&settings)
        return KubernetesWorkloadAttestor(
            settings, procRoot: folder.path, now: { time.now }, sleep: { time.sleep($0) })
    }

    private func process(_ id: Int32) -> WorkloadProcess {
        WorkloadProcess(processID: id, userID: 1, groupID: 1)
    }

    private func process(_ id: Int32, in cgroup: String) throws {
        try FileManager.default.createDirectory(atPath: folder.path("\(id)"), withIntermediateDirectories: true)
        try "0::\(cgroup)\n".write(toFile: folder.path("\(id)/cgroup"), atomically: true, encoding: .utf8)
    }

    private func serving(_ document: String, _ body: (ScriptedEndpoint) async throws -> Void) async throws {
        try await serving({ _ in [.document(document)] }, body)
    }

    private func serving(
        _ script: @escaping ScriptedEndpoint.Script, _ body: (ScriptedEndpoint) async throws -> Void
    ) async throws {
        try await ScriptedEndpoint.with(try ca.leaf("/kubelet"), script, body)
    }
}
