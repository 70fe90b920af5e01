// SPDX-License-Identifier: Apache-2.0

/// One value as it goes into a statement or comes out of a row.
enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case flag(Bool)
    case text(String)
    case bytes([UInt8])
}

/// What a column can hold.
protocol SQLConvertible {
    var sqlValue: SQLValue { get }
    /// `nil` when the column holds something else.
    init?(_ value: SQLValue)
}

extension SQLValue: SQLConvertible {
    var sqlValue: SQLValue { self }

    init?(_ value: SQLValue) {
        self = value
    }
}

extension SQLConvertible where Self: FixedWidthInteger {
    var sqlValue: SQLValue { .integer(Int64(self)) }

    init?(_ value: SQLValue) {
        guard case .integer(let integer) = value else { return nil }
        self.init(exactly: integer)
    }
}

extension Int: SQLConvertible {}
extension Int32: SQLConvertible {}
extension Int64: SQLConvertible {}
extension UInt32: SQLConvertible {}

extension Double: SQLConvertible {
    var sqlValue: SQLValue { .real(self) }

    init?(_ value: SQLValue) {
        switch value {
        case .real(let real): self = real
        case .integer(let integer): self = Double(integer)
        default: return nil
        }
    }
}

extension Bool: SQLConvertible {
    var sqlValue: SQLValue { .flag(self) }

    /// SQLite keeps flags as integers.
    init?(_ value: SQLValue) {
        switch value {
        case .flag(let flag): self = flag
        case .integer(let integer): self = integer != 0
        default: return nil
        }
    }
}

extension String: SQLConvertible {
    var sqlValue: SQLValue { .text(self) }

    init?(_ value: SQLValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension [UInt8]: SQLConvertible {
    var sqlValue: SQLValue { .bytes(self) }

    init?(_ value: SQLValue) {
        guard case .bytes(let bytes) = value else { return nil }
        self = bytes
    }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    var sqlValue: SQLValue { self?.sqlValue ?? .null }

    init?(_ value: SQLValue) {
        if value == .null {
            self = .none
        } else {
            guard let wrapped = Wrapped(value) else { return nil }
            self = .some(wrapped)
        }
    }
}
