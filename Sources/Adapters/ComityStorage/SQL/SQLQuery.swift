// SPDX-License-Identifier: Apache-2.0

/// A statement with its values apart: what is interpolated becomes a bound parameter, never text.
///
/// Only another query can put text in, so all text comes from literals of this target.
struct SQLQuery: ExpressibleByStringInterpolation, Sendable {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
        /// A table of one column named `value`.
        case textRows([String])
        case integerRows([Int64])
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(interpolationCount * 2 + 1)
        }

        mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { parts.append(.text(literal)) }
        }

        mutating func appendInterpolation(_ value: some SQLConvertible) {
            parts.append(.value(value.sqlValue))
        }

        mutating func appendInterpolation(_ query: SQLQuery) {
            parts += query.parts
        }

        mutating func appendInterpolation(rows values: [String]) {
            parts.append(.textRows(values))
        }

        mutating func appendInterpolation(rows values: [Int64]) {
            parts.append(.integerRows(values))
        }
    }

    private(set) var parts: [Part]

    init(stringLiteral value: String) {
        parts = [.text(value)]
    }

    init(stringInterpolation: StringInterpolation) {
        parts = stringInterpolation.parts
    }

    private init(parts: [Part]) {
        self.parts = parts
    }

    static func + (left: SQLQuery, right: SQLQuery) -> SQLQuery {
        SQLQuery(parts: left.parts + right.parts)
    }
}

extension [SQLQuery] {
    func joined(separator: SQLQuery) -> SQLQuery {
        guard let first else { return "" }
        return dropFirst().reduce(first) { $0 + separator + $1 }
    }

    /// All conditions at once.
    var conjunction: SQLQuery {
        isEmpty ? "TRUE" : joined(separator: " AND ")
    }
}

extension [any SQLConvertible] {
    /// The values as a list of parameters.
    var list: SQLQuery {
        map { "\($0)" as SQLQuery }.joined(separator: ", ")
    }
}
