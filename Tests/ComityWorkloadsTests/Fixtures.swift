// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWorkloads
import Foundation
import SPIFFE

/// A fixed moment; the tests count seconds from it.
let start = Date(timeIntervalSince1970: 1_800_000_000)

func makeEntry(
    _ id: String, _ path: String? = nil, selectors: [String] = ["unix:uid:1"], hint: String = "", createdAt: Int = 0,
    revision: Int64 = 0, federatesWith: [String] = []
) throws -> Entry {
    var entry = Entry(
        id: id, spiffeID: try SPIFFEID("spiffe://alpha.test\(path ?? "/" + id)"),
        parentID: try SPIFFEID("spiffe://alpha.test/node"), selectors: try makeSelectors(selectors))
    entry.hint = hint
    entry.createdAt = Date(timeIntervalSince1970: Double(createdAt))
    entry.revisionNumber = revision
    entry.federatesWith = Set(try federatesWith.map { try TrustDomain($0) })
    return entry
}

func makeEntries(_ entries: Entry...) -> [String: Entry] {
    Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) })
}

func makeSelectors(_ texts: [String]) throws -> Set<Selector> {
    Set(try texts.map { try Selector($0) })
}

func makeBundle(_ name: String, sequence: UInt64 = 1) throws -> SPIFFEBundle {
    SPIFFEBundle(trustDomain: try TrustDomain(name), sequenceNumber: sequence)
}

func makeSVID(_ entry: Entry, serial: UInt8 = 1, from: TimeInterval = 0, to: TimeInterval = 3600) -> WorkloadSVID {
    WorkloadSVID(
        spiffeID: entry.spiffeID, certificateChain: [[serial]], privateKey: [serial],
        notBefore: start.addingTimeInterval(from), notAfter: start.addingTimeInterval(to))
}
