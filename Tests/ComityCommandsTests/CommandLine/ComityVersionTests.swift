// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityCommands

@Suite struct ComityVersionTests {
    @Test(arguments: [
        ("v1.2.3", "1a2b3c4", "1.2.3"), ("1.2.3", "", "1.2.3"),
        ("", "1a2b3c4", "\(ComityVersion.base)-dev-1a2b3c4"), ("", "", "\(ComityVersion.base)-dev-unk"),
    ])
    func isTheTagOrTheNextReleaseWithTheCommit(_ tag: String, _ commit: String, _ expected: String) {
        #expect(ComityVersion.version(tag: tag, commit: commit) == expected)
    }

    @Test func ofThisBuildNamesTheRelease() {
        #expect(ComityVersion.current.hasPrefix(ComityVersion.base))
    }

    @Test(arguments: [
        ["-version"], ["--version"], ["-v"], ["server", "-version"], ["agent", "--version"],
    ])
    func isAskedForAsSPIREsIs(_ arguments: [String]) {
        let path = CommandPath(arguments, of: ComityCommand.self, called: "comity")
        guard case .version = path.end else {
            Issue.record("\(arguments) does not ask for the version")
            return
        }
    }
}
