// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry

/// One way to find out what a local process is.
package protocol WorkloadAttestor: Sendable {
    /// As in the configuration, such as `unix`.
    var name: String { get }

    /// Answers with everything that is proven of the process; nothing is a valid answer.
    ///
    /// The caller makes sure afterwards that the process ID still stands for the same process.
    func attest(_ process: WorkloadProcess) async throws -> Set<Selector>
}
