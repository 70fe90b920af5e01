// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Fixed points in time, so that no test depends on the day it runs.
package enum TestTime {
    /// 2026-01-01T00:00:00Z
    package static let now = Date(timeIntervalSince1970: 1_767_225_600)

    /// 2020-01-01T00:00:00Z: the default start of validity of ``TestCA`` certificates.
    package static let past = Date(timeIntervalSince1970: 1_577_836_800)

    /// 2049-12-31T00:00:00Z: the default end of validity, so that they serve at ``now`` and on the real clock alike.
    package static let future = Date(timeIntervalSince1970: 2_524_521_600)
}
