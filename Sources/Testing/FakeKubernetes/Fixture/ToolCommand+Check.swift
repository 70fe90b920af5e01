// SPDX-License-Identifier: Apache-2.0

package import ComityTesting

extension ToolCommand.Result {
    /// The program did not succeed.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// What the program wrote, when it succeeded.
    @discardableResult
    package func check() throws -> String {
        guard exitCode == 0 else {
            throw Failure(description: "exit code \(exitCode): \(errors)\n\(output)")
        }
        return output
    }
}
