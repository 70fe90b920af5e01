// SPDX-License-Identifier: Apache-2.0

import CPostgres

/// The answer to one statement, in the wire's binary form.
final class PostgresResult {
    private let handle: OpaquePointer

    /// - Throws: what the server says is wrong with the statement.
    init(_ handle: OpaquePointer) throws(PostgresError) {
        self.handle = handle
        let status = PQresultStatus(handle)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK else {
            throw PostgresError(state: field("C") ?? "08000", field("M") ?? "the answer cannot be read")
        }
    }

    deinit {
        PQclear(handle)
    }

    /// How many rows the statement changed.
    var changedRows: Int {
        Int(String(cString: PQcmdTuples(handle))) ?? 0
    }

    func forEachRow(_ body: (SQLRow) throws -> Void) throws {
        let count = PQnfields(handle)
        let columns = SQLColumns((0..<count).map { String(cString: PQfname(handle, $0)) })
        let types = (0..<count).map { PQftype(handle, $0) }
        for row in 0..<PQntuples(handle) {
            try body(SQLRow(columns: columns, values: try (0..<count).map { try value(row, $0, types[Int($0)]) }))
        }
    }

    private func value(_ row: Int32, _ column: Int32, _ type: UInt32) throws -> SQLValue {
        guard PQgetisnull(handle, row, column) == 0, let start = PQgetvalue(handle, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(handle, row, column)))
        switch type {
        case 16: return .flag(bytes.first == 1)
        case 17: return .bytes(Array(bytes))
        case 19, 25, 1042, 1043: return .text(String(decoding: bytes, as: UTF8.self))
        case 20: return .integer(Int64(bigEndianBytes: bytes))
        case 23: return .integer(Int64(Int32(bigEndianBytes: bytes)))
        case 701: return .real(Double(bitPattern: UInt64(bigEndianBytes: bytes)))
        default:
            throw PostgresError(.other, "database has a type \(type) in column \(column) that is not known")
        }
    }

    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(handle, Int32(code.value)).map { String(cString: $0) }
    }
}
