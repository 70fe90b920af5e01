// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTelemetry

extension AuthorityKind {
    var preparation: MetricName {
        switch self {
        case .x509: .x509CAPrepare
        case .jwt: .jwtKeyPrepare
        }
    }

    var activation: MetricName {
        switch self {
        case .x509: .x509CAActivate
        case .jwt: .jwtKeyActivate
        }
    }
}
