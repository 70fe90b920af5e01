// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import Testing

/// What `comity manifests render` prints, held against what people's scripts do with a SPIRE installation.
@Suite struct RenderedManifestTests {
    private static let overlays = ["kind", "openshift"]

    @Test("S18: the seed's patch adds its port to the server, which is container 0", arguments: overlays)
    func firstContainerIsTheServer(overlay: String) async throws {
        let server = try await KubernetesObject.rendered(overlay).one("StatefulSet", "spire-server")
        let scratch = try TemporaryFolder()
        try Data(server.json.bytes()).write(to: URL(filePath: scratch.path("server.json")))
        let patch =
            #"[{"op": "add", "path": "/spec/template/spec/containers/0/ports/-", "#
            + #""value": {"containerPort": 8443, "name": "federation", "protocol": "TCP"}}]"#
        let patched = try await ToolCommand.run(
            "kubectl",
            ["patch", "--local", "-f", scratch.path("server.json"), "--type=json", "-p", patch, "-o", "json"])
        let object = try #require(try KubernetesObject.parse(try patched.check().output).first)

        #expect(object["spec", "template", "spec", "containers", "0", "name"]?.string == "spire-server")
        let ports = try #require(object["spec", "template", "spec", "containers", "0", "ports"]?.array)
        let names = ports.compactMap { $0["name"]?.string }
        // An API server refuses a name that is there twice.
        #expect(names.contains("federation") && Set(names).count == names.count)
    }

    @Test("S19 S54: the Services for the bundle endpoint find the server's pods", arguments: overlays)
    func servicesFindTheServer(overlay: String) async throws {
        let objects = try await KubernetesObject.rendered(overlay)
        let server = try #require(try objects.one("StatefulSet", "spire-server").podTemplate)
        let theirs = try await KubernetesObject.read(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: spire-server-federation, namespace: spire-server}
            spec:
              selector: {app.kubernetes.io/name: spire-server}
              ports: [{name: federation, port: 8443, targetPort: 8443, protocol: TCP}]
            """)
        for service in theirs + objects.filter({ $0.kind == "Service" }) {
            #expect(server.isSelected(by: service["spec", "selector"]), "\(service.name)")
            let port = try #require(service["spec", "ports"]?.array?.first { $0["name"]?.string == "federation" })
            #expect(port["port"] == 8443 && port["targetPort"] == 8443, "\(service.name)")
        }
        let grpc = try objects.one("Service", "spire-server")["spec", "ports"]?.array?.first { $0["port"] == 443 }
        #expect(grpc?["name"]?.string == "grpc")
    }

    @Test("S20: the Route hands TLS through to the port named federation and leads http to https")
    func routePassesThrough() async throws {
        let objects = try await KubernetesObject.rendered("openshift")
        let route = try objects.one("Route", "spire-server-federation")
        #expect(route["spec", "tls", "termination"]?.string == "passthrough")
        #expect(route["spec", "tls", "insecureEdgeTerminationPolicy"]?.string == "Redirect")
        let service = try objects.one("Service", try #require(route["spec", "to", "name"]?.string))
        let names = service["spec", "ports"]?.array?.compactMap { $0["name"]?.string }
        #expect(names?.contains(try #require(route["spec", "port", "targetPort"]?.string)) == true)
    }

    @Test("S34 S56: pods are found by the name of their program, whose container is the default", arguments: overlays)
    func labelsNameThePrograms(overlay: String) async throws {
        let workloads = try await KubernetesObject.rendered(overlay).workloads
        for program in ["spire-server", "spire-agent", "spire-controller-manager"] {
            let found = workloads.filter { workload in
                workload.podTemplate?.isSelected(by: ["app.kubernetes.io/name": .string(program)]) == true
            }
            #expect(found.count == 1)
            let pod = try #require(found.first?.podTemplate)
            let chosen = pod["metadata", "annotations", "kubectl.kubernetes.io/default-container"]?.string
            #expect(chosen == program)
            #expect(pod["spec", "containers", "0", "name"]?.string == program)
            #expect(
                try #require(found.first).podTemplate?.isSelected(by: found.first?["spec", "selector", "matchLabels"])
                    == true)
        }
    }

    @Test("S53: pods of a namespace that is restricted keep every rule", arguments: overlays)
    func restrictedNamespacesAdmitTheirPods(overlay: String) async throws {
        let objects = try await KubernetesObject.rendered(overlay)
        var restricted: [String] = []
        for workload in objects.workloads {
            let pod = try #require(workload["spec", "template", "spec"])
            let namespace = try objects.one("Namespace", workload.namespace)
            switch namespace.labels["pod-security.kubernetes.io/enforce"] {
            case "restricted":
                restricted.append(workload.name)
                #expect(PodSecurityRule.broken(by: pod).isEmpty, "\(workload.name)")
            default:
                // The table can tell: the agent needs what a restricted namespace refuses.
                let broken = PodSecurityRule.broken(by: pod)
                #expect(broken.contains("host namespaces") && broken.contains("volume types"))
                #expect(broken.contains("running as non-root user"))
            }
        }
        #expect(restricted.sorted() == ["spire-controller-manager", "spire-server"])
    }

    @Test("server and controller share the admin socket's folder, and nothing else of the server's data")
    func controllerSeesOnlyTheSocket() async throws {
        let workloads = try await KubernetesObject.rendered("kind").workloads
        let server = try workloads.one("StatefulSet", "spire-server")
        let controller = try workloads.one("Deployment", "spire-controller-manager")
        let claim = try #require(server["spec", "volumeClaimTemplates", "0", "metadata", "name"]?.string)
        let volumes = try #require(controller["spec", "template", "spec", "volumes"]?.array)
        let shared = try #require(volumes.first { $0["persistentVolumeClaim"] != nil })
        #expect(shared["persistentVolumeClaim"]?["claimName"]?.string == "\(claim)-spire-server-0")
        let mounts = { (workload: KubernetesObject, volume: String) in
            (workload["spec", "template", "spec", "containers", "0", "volumeMounts"]?.array ?? [])
                .filter { $0["name"]?.string == volume }
        }
        let seen = mounts(controller, try #require(shared["name"]?.string))
        #expect(seen.map { $0["subPath"]?.string } == ["private"])
        #expect(mounts(server, claim).contains { $0["subPath"]?.string == "private" })
        // Both need each other's node, also when they are made anew one by one.
        for workload in [server, controller] {
            let term = KubernetesObject.value(
                workload.json,
                [
                    "spec", "template", "spec", "affinity", "podAffinity",
                    "requiredDuringSchedulingIgnoredDuringExecution", "0",
                ])
            #expect(term?["topologyKey"]?.string == "kubernetes.io/hostname")
            for other in [server, controller] {
                #expect(other.podTemplate?.isSelected(by: term?["labelSelector"]?["matchLabels"]) == true)
            }
        }
    }

    @Test("C19: every command of the manifests and images is in the image", arguments: overlays)
    func commandsAreInTheImage(overlay: String) async throws {
        let image = try await AssembledImage()
        for workload in try await KubernetesObject.rendered(overlay).workloads {
            let containers = try #require(workload["spec", "template", "spec", "containers"]?.array)
            for container in containers where container["image"]?.string == "comity:latest" {
                let command = try #require(container["command"]?.array?.first?.string)
                #expect(FileManager.default.isExecutableFile(atPath: image.path(command)), "\(command)")
            }
        }
        let file = try PackageFolder.text("Deploy/Images/Dockerfile")
        let entries = file.matches(of: /ENTRYPOINT \["(\/opt[^"]+)"/).map { String($0.1) }
        #expect(entries.count == 4)
        for entry in entries { #expect(FileManager.default.isExecutableFile(atPath: image.path(entry)), "\(entry)") }
    }
}
