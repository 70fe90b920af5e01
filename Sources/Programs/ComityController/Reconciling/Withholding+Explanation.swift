// SPDX-License-Identifier: Apache-2.0

import ComityResources

extension EntryPlan.Withholding {
    /// For people.
    var explanation: String {
        switch self {
        case .incompleteRead: "not everything could be read, so what seems undeclared may be declared"
        case .undecided: "a resource that may declare them cannot be used as it is"
        case .tooMany(let allowed):
            "more than \(allowed) would go at once; start once with -allow-mass-deletion if that is meant"
        }
    }
}
