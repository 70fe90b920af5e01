// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
import SPIFFE

extension Federation {
    /// Everything that must hold, after every step.
    mutating func check() throws {
        for domain in domains {
            for kind in [AuthorityKind.x509, .jwt] {
                let (current, active) = domain.server.authorities(kind)
                guard let current, active == [current] else {
                    throw broken("\(domain.name) has \(active.count) active \(kind) authorities")
                }
            }
            for svid in domain.workload.live { try check(svid, of: domain) }
        }
    }

    private mutating func check(_ svid: LiveSVID, of holder: Domain) throws {
        for (index, verifier) in domains.enumerated() {
            let verifies = verdicts.verdict(on: svid, by: verifier.workload, at: time(index))
            let isFederated = verifier.partners.contains(holder.name)
            guard verifies != .mistaken else { throw broken("\(svid) verifies by keys of \(verifier.name)") }
            guard verifier.name == holder.name || isFederated else {
                guard verifies == .refused else { throw broken("\(svid) verifies in \(verifier.name)") }
                continue
            }
            let mustVerify =
                !isFederated || knowledge.mustKnow(verifier.name, svid.authority, of: holder.name)
            guard mustVerify, svid.notBefore <= time(index), time(index) < svid.notAfter else { continue }
            guard verifies == .verified else { throw broken("\(svid) does not verify in \(verifier.name)") }
            if isFederated { tally.foreignVerifications += 1 }
        }
    }
}
