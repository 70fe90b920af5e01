// SPDX-License-Identifier: Apache-2.0

/// How the demonstration is to be run.
package struct DemoOptions: Sendable {
    /// The executable that all of its processes are made from.
    package var executable: String

    /// Whether everything is left running at the end, for trying things out.
    package var keepsRunning: Bool

    package init(executable: String, keepsRunning: Bool = false) {
        self.executable = executable
        self.keepsRunning = keepsRunning
    }
}
