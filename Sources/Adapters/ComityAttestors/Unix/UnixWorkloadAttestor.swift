// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityRegistry

/// Knows a workload by its effective user and groups and, when told to, by its executable.
package struct UnixWorkloadAttestor: WorkloadAttestor {
    package static let name = "unix"

    private let options: UnixAttestorSettings
    private let processes: ProcessTable
    private let accounts = UnixAccounts()
    private let digests = ExecutableDigests()
    // Name services and large executables may take long.
    private let work = BlockingWork(label: "comity.attestor.unix")

    package var name: String { Self.name }

    /// - Parameter procRoot: Where the kernel shows processes; elsewhere when the host's are mounted (`HOST_PROC`).
    package init(options: UnixAttestorSettings = UnixAttestorSettings(), procRoot: String = "/proc") {
        self.options = options
        processes = ProcessTable(root: procRoot)
    }

    package func attest(_ process: WorkloadProcess) async throws -> Set<Selector> {
        try await work.run { try selectors(of: process.processID) }
    }

    private func selectors(of processID: Int32) throws -> Set<Selector> {
        let owner = try processes.owner(of: processID)
        var values = ["uid:\(owner.userID)", "gid:\(owner.groupID)"]
        if let user = accounts.userName(of: owner.userID) { values.append("user:\(user)") }
        if let group = accounts.groupName(of: owner.groupID) { values.append("group:\(group)") }
        for groupID in owner.supplementaryGroupIDs {
            values.append("supplementary_gid:\(groupID)")
            if let group = accounts.groupName(of: groupID) { values.append("supplementary_group:\(group)") }
        }
        if options.discoversPath {
            values.append("path:\(try processes.executablePath(of: processID))")
            if options.sizeLimit >= 0 {
                let executable = processes.executableLink(of: processID)
                values.append("sha256:\(try digests.sha256(of: executable, limit: options.sizeLimit))")
            }
        }
        return Set(try values.map { try Selector(type: name, value: $0) })
    }
}
