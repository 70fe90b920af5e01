// SPDX-License-Identifier: Apache-2.0

import CBuild

/// What this build calls itself: a release by its tag, any other in the form of SPIRE's, `0.1.0-dev-1a2b3c4`.
package enum ComityVersion {
    /// The release that comes next: the one place where it is written.
    static let base = "0.1.0"

    package static let current = version(
        tag: String(cString: comity_build_tag()), commit: String(cString: comity_build_commit()))

    /// - Parameters:
    ///   - tag: Empty when the build is no release.
    ///   - commit: Empty when it is not known.
    static func version(tag: String, commit: String) -> String {
        guard tag.isEmpty else { return String(tag.drop { $0 == "v" }) }
        return "\(base)-dev-\(commit.isEmpty ? "unk" : commit)"
    }
}
