// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import Logging
import SPIFFE

/// What log lines say of an entry, by the names and in the form of the upstream controller.
enum EntryLogFields {
    static func of(_ entry: Entry) -> Logger.Fields {
        [
            .entryIdentifier: "\(entry.id)", .entryParentID: "\(entry.parentID.uri)",
            .entrySPIFFEID: "\(entry.spiffeID.uri)",
            .x509SVIDTTL: .stringConvertible(Duration.seconds(Int64(entry.x509SVIDTTL))),
            .jwtSVIDTTL: .stringConvertible(Duration.seconds(Int64(entry.jwtSVIDTTL))),
            .selectors: list(entry.selectors.sorted().map { "\($0)" }),
            .federatesWith: list(entry.federatesWith.sorted().map(\.name)), .dnsNames: list(entry.dnsNames),
            .admin: .stringConvertible(entry.isAdmin), .downstream: .stringConvertible(entry.isDownstream),
            .hint: "\(entry.hint)", .storeSVID: .stringConvertible(entry.storesSVID),
        ]
    }

    private static func list(_ texts: [String]) -> Logger.MetadataValue {
        "[\(texts.joined(separator: ","))]"
    }
}
