// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import FoundationEssentials
import SPIFFE

extension Federation {
    mutating func strike(_ incident: Incident) throws {
        tally.incidents[incident.kind, default: 0] += 1
        let index = incident.domain
        switch incident.kind {
        case .down, .slow, .stale, .damaged, .maimed, .theft: mislead(incident)
        case .restart:
            if Bool.random(using: &random) {
                // It stops somewhere in the middle.
                try domains[index].server.prepare(
                    Bool.random(using: &random) ? .x509 : .jwt, steps: Int.random(in: 1...2, using: &random),
                    at: time(index))
            }
            try restart(index)
        case .skew: domains[index].clockError = Double.random(in: -60...60, using: &random)
        case .prepare:
            try domains[index].server.prepare(Bool.random(using: &random) ? .x509 : .jwt, at: time(index))
            publish(index)
        case .activate:
            for kind in [AuthorityKind.x509, .jwt] {
                guard let change = try domains[index].server.activate(kind, at: time(index)) else { continue }
                try note(change, of: index, isScheduled: false)
            }
        case .setBundle: try setBundle(index)
        }
    }

    private mutating func mislead(_ incident: Incident) {
        let end = now + incident.duration
        if incident.kind == .theft, let victim = domains.randomElement(using: &random)?.server.own.bundle {
            domains[incident.domain].endpoint.steal(from: victim, until: end)
        } else {
            domains[incident.domain].endpoint.begin(incident.kind, until: end, &random)
        }
        guard domains[incident.domain].endpoint.isMisleading(at: now) else { return }
        for domain in domains where domain.partners.contains(domains[incident.domain].name) {
            knowledge.disturb(domain.name, about: domains[incident.domain].name, until: end)
        }
    }

    private mutating func setBundle(_ index: Int) throws {
        guard let partner = domains[index].partners.randomElement(using: &random) else { return }
        let endpoint = domains[self.index(of: partner)].endpoint
        let bytes = Bool.random(using: &random) ? endpoint.document : endpoint.old(&random)
        let bundle = try SPIFFEBundle(document: bytes, trustDomain: partner)
        knowledge.forget(domains[index].name, about: partner, at: now)
        _ = try perform(domains[index].server.setBundle(bundle, at: time(index)), of: index)
    }
}
