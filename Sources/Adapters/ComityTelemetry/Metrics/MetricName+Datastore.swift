// SPDX-License-Identifier: Apache-2.0

extension MetricName {
    /// What a server tells of its datastore.
    package static let datastore: [MetricName] = DatastoreTable.allCases.flatMap { table in
        table.actions.map { datastore(table, $0) }
    }

    package static func datastore(_ table: DatastoreTable, _ action: DatastoreAction) -> MetricName {
        MetricName("datastore.\(table.rawValue).\(action.rawValue)", .call, [], "calls of the datastore")
    }
}
