// SPDX-License-Identifier: Apache-2.0

/// What a partner's endpoint may cost us at most.
package struct FetchLimits: Hashable, Sendable {
    /// From the start to the last byte, redirects included.
    package var deadline: Duration = .seconds(10)
    package var maximumDocumentBytes = 4 * 1024 * 1024
    /// 0 turns redirects off.
    package var maximumRedirects = 5

    package init() {}
}
