// SPDX-License-Identifier: Apache-2.0

/// All that is told under one name at one moment.
package struct MetricFamily: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case counter, gauge, summary
    }

    package struct Label: Sendable, Hashable, Comparable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        package static func < (lhs: Label, rhs: Label) -> Bool {
            (lhs.name, lhs.value) < (rhs.name, rhs.value)
        }
    }

    package struct Sample: Sendable, Hashable {
        /// After the family's name: `_sum` and `_count` of summaries.
        package var suffix = ""
        package var labels: [Label] = []
        package var value: Double

        package init(suffix: String = "", labels: [Label] = [], _ value: Double) {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    package var name: String
    package var kind: Kind
    package var help: String
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }
}
