// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

extension NameSpecification {
    /// A flag as Go programs write it: one dash, the whole name.
    static func flag(_ name: String) -> NameSpecification {
        .customLong(name, withSingleDash: true)
    }
}
