// SPDX-License-Identifier: Apache-2.0

extension ToolCommand.Result {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Throws unless the command succeeded.
    @discardableResult
    package func check() throws -> ToolCommand.Result {
        guard exitCode == 0 else {
            throw Failed(description: "exit code \(exitCode)\nstdout: \(output)\nstderr: \(errors)")
        }
        return self
    }
}
