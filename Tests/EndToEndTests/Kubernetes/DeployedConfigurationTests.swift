// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import Testing

/// The configurations in what an overlay prints, read by the programs that will read them.
@Suite struct DeployedConfigurationTests {
    @Test(
        "server.conf and agent.conf are valid with the settings beside them", arguments: ["kind", "openshift"],
        ["spire-server", "spire-agent"])
    func configurationsAreValid(overlay: String, program: String) async throws {
        let objects = try await KubernetesObject.rendered(
            overlay, "--trust-domain", "one.test", "--cluster-name", "c-1")
        let workload = try #require(objects.workloads.first { $0.name == program })
        let files = try #require(try objects.one("ConfigMap", program, in: workload.namespace)["data"]?.object)
        let settings = try objects.one("ConfigMap", "spire-settings", in: workload.namespace)["data"]?.object?.members
        let folder = try TemporaryFolder()
        try BuiltExecutable.link(into: folder)
        let file = try #require(files.members.first)
        try file.value.string?.write(toFile: folder.path(file.name), atomically: true, encoding: .utf8)
        let arguments = try #require(workload["spec", "template", "spec", "containers", "0", "args"]?.array)
        #expect(arguments.last?.string == "/run/spire/config/\(file.name)")

        let environment = (settings ?? []).map { "\($0.name)=\($0.value.string ?? "")" }
        let validated = try await ToolCommand.run(
            "env",
            ["-i"] + environment + [folder.path(program), "validate", "-expandEnv", "-config", folder.path(file.name)])
        #expect(validated.exitCode == 0 && validated.errors.isEmpty, "\(validated.errors)")
    }
}
