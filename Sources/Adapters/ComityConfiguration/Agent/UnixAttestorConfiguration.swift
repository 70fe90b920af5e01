// SPDX-License-Identifier: Apache-2.0

/// The data of WorkloadAttestor "unix".
package struct UnixAttestorConfiguration: Sendable, Hashable {
    /// Adds the selectors `path` and `sha256`.
    package var discoversWorkloadPath: Bool
    /// The largest executable that is hashed, in bytes: 0 stands for any, less for no hash at all.
    package var workloadSizeLimit: Int64

    init(_ plugin: PluginConfiguration, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        discoversWorkloadPath = section.flag("discover_workload_path") ?? false
        workloadSizeLimit = Int64(section.integer("workload_size_limit", in: .min ... .max) ?? 0)
        section.reportUnknownPluginKeys()
    }
}
