// SPDX-License-Identifier: Apache-2.0

import ComityRegistry

/// One row of a result.
struct SQLRow {
    let columns: SQLColumns
    let values: [SQLValue]

    /// - Throws: `RegistryError.internalError` when the column holds something else: the database is damaged.
    subscript<Value: SQLConvertible>(_ column: String) -> Value {
        get throws {
            guard let index = columns.indices[column] else {
                throw RegistryError(.internalError, "database has no column \"\(column)\"")
            }
            return try self[index]
        }
    }

    subscript<Value: SQLConvertible>(_ index: Int) -> Value {
        get throws {
            guard let value = Value(values[index]) else {
                throw RegistryError(
                    .internalError, "database holds an invalid value in column \"\(columns.names[index])\"")
            }
            return value
        }
    }
}

/// The columns of a result, shared by its rows.
struct SQLColumns {
    let names: [String]
    let indices: [String: Int]

    init(_ names: [String]) {
        self.names = names
        indices = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    }
}
