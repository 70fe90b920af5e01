// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import Foundation
import SPIFFE

/// A domain's bundle endpoint as its partners see it.
struct Endpoint {
    enum Fault {
        case down
        case slow
        case stale([UInt8])
        case damaged([UInt8])
        /// The standard makes consumers drop what such a document lacks.
        case maimed([UInt8])
    }

    struct Answer {
        var result: Result<[UInt8], FederationFailure>
        var latency: TimeInterval
        /// Whether whoever stores it is excused for lacking keys.
        var excuses = false
    }

    private(set) var fault: Fault?
    private(set) var faultEnds = Date.distantPast
    /// What was published last.
    private(set) var bundle: SPIFFEBundle?
    /// What was served so far, the present last.
    private var documents: [[UInt8]] = []

    var document: [UInt8] { documents.last ?? [] }

    mutating func publish(_ bundle: SPIFFEBundle) {
        self.bundle = bundle
        documents = documents.suffix(5) + [bundle.document()]
    }

    /// Serves keys of another trust domain beside its own, the oldest, which partners have had time to see there.
    mutating func steal(from victim: SPIFFEBundle, until end: Date) {
        guard var bundle else { return }
        bundle.x509Authorities += victim.x509Authorities.prefix(1)
        bundle.jwtAuthorities += victim.jwtAuthorities.prefix(1)
        fault = .damaged(bundle.document())
        faultEnds = end
    }

    mutating func begin(_ kind: Incident.Kind, until end: Date, _ random: inout SeededGenerator) {
        faultEnds = end
        switch kind {
        case .slow: fault = .slow
        case .stale: fault = .stale(old(&random))
        case .damaged: fault = .damaged(damaged(&random))
        case .maimed: fault = .maimed(maimed())
        default: fault = .down
        }
    }

    /// Whether partners may miss what is published now.
    func isMisleading(at now: Date) -> Bool {
        guard now < faultEnds else { return false }
        if case .slow = fault { return false }
        return true
    }

    func answer(at now: Date, _ random: inout SeededGenerator) -> Answer {
        guard now < faultEnds, let fault else { return Answer(result: .success(document), latency: 0) }
        switch fault {
        case .down:
            let latency = Bool.random(using: &random) ? 0.01 : 30
            return Answer(result: .failure(FederationFailure(.connect, "no answer")), latency: latency)
        case .slow: return Answer(result: .success(document), latency: Double.random(in: 1...25, using: &random))
        case .stale(let document), .damaged(let document): return Answer(result: .success(document), latency: 0)
        case .maimed(let document): return Answer(result: .success(document), latency: 0, excuses: true)
        }
    }

    /// One of the latest, so that some of its keys are still in use.
    func old(_ random: inout SeededGenerator) -> [UInt8] {
        documents.randomElement(using: &random) ?? []
    }

    private func damaged(_ random: inout SeededGenerator) -> [UInt8] {
        let texts = ["", "[]", "null", "{\"keys\":7}", "{\"keys\":[],\"spiffe_sequence\":\"1\"}"]
        guard let text = ([nil] + texts).randomElement(using: &random) ?? nil else {
            return Array(document.prefix(document.count / 2))
        }
        return Array(text.utf8)
    }

    /// The present document, its last X.509 authority unreadable.
    private func maimed() -> [UInt8] {
        let text = String(decoding: document, as: UTF8.self)
        guard let place = text.range(of: "\"x5c\"", options: .backwards) else { return document }
        return Array(text.replacingCharacters(in: place, with: "\"x5d\"").utf8)
    }
}
