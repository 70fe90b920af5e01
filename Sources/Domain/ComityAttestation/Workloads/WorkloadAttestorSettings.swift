// SPDX-License-Identifier: Apache-2.0

/// One way to find out what a local process is that an agent is told to use.
package enum WorkloadAttestorSettings: Hashable, Sendable {
    case unix(UnixAttestorSettings)
    case systemd
    case docker(DockerAttestorSettings)
    case kubernetes(KubernetesAttestorSettings)
}
