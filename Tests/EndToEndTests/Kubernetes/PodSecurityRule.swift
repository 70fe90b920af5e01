// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// A rule of the Pod Security Standard "restricted", as Kubernetes documents it.
struct PodSecurityRule: Sendable {
    let name: String
    /// Whether a pod's specification keeps it.
    let isKept: @Sendable (JSONValue) -> Bool

    static func broken(by pod: JSONValue) -> [String] { restricted.filter { !$0.isKept(pod) }.map(\.name) }

    static let restricted: [PodSecurityRule] = [
        .init("HostProcess") { every($0) { $0?["windowsOptions"] == nil } },
        .init("host namespaces") { pod in
            ["hostNetwork", "hostPID", "hostIPC"].allSatisfy { pod[$0]?.bool != true }
        },
        .init("privileged containers") { everyContainer($0) { $0?["privileged"]?.bool != true } },
        .init("capabilities") {
            everyContainer($0) { context in
                let (added, dropped) = (context?["capabilities"]?["add"], context?["capabilities"]?["drop"])
                return dropped?.array?.contains("ALL") == true
                    && (added?.array ?? []).allSatisfy { $0 == "NET_BIND_SERVICE" }
            }
        },
        .init("volume types") { pod in
            let allowed: Set = [
                "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected",
                "secret",
            ]
            return (pod["volumes"]?.array ?? []).allSatisfy { volume in
                (volume.object?.names ?? []).allSatisfy { $0 == "name" || allowed.contains($0) }
            }
        },
        .init("host ports") { pod in
            containers(pod).allSatisfy { ($0["ports"]?.array ?? []).allSatisfy { $0["hostPort"] == nil } }
        },
        .init("SELinux") { every($0) { $0?["seLinuxOptions"] == nil } },
        .init("/proc mount type") { everyContainer($0) { $0?["procMount"] == nil } },
        .init("sysctls") { $0["securityContext"]?["sysctls"] == nil },
        .init("privilege escalation") { everyContainer($0) { $0?["allowPrivilegeEscalation"]?.bool == false } },
        .init("running as non-root") { pod in
            let whole = pod["securityContext"]?["runAsNonRoot"]?.bool == true
            return containers(pod).allSatisfy { container in
                container["securityContext"]?["runAsNonRoot"]?.bool ?? whole
            }
        },
        .init("running as non-root user") { every($0) { $0?["runAsUser"] != 0 } },
        .init("seccomp") { pod in
            let whole = pod["securityContext"]?["seccompProfile"]?["type"]?.string
            return containers(pod).allSatisfy { container in
                let own = container["securityContext"]?["seccompProfile"]?["type"]?.string
                return ["RuntimeDefault", "Localhost"].contains(own ?? whole)
            }
        },
    ]

    private init(_ name: String, _ isKept: @escaping @Sendable (JSONValue) -> Bool) {
        self.name = name
        self.isKept = isKept
    }

    private static func containers(_ pod: JSONValue) -> [JSONValue] {
        ["initContainers", "containers", "ephemeralContainers"].flatMap { pod[$0]?.array ?? [] }
    }

    private static func everyContainer(_ pod: JSONValue, _ isRight: (JSONValue?) -> Bool) -> Bool {
        containers(pod).allSatisfy { isRight($0["securityContext"]) }
    }

    /// The pod's own context too.
    private static func every(_ pod: JSONValue, _ isRight: (JSONValue?) -> Bool) -> Bool {
        isRight(pod["securityContext"]) && everyContainer(pod, isRight)
    }
}
