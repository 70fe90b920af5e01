// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// Verifies each SVID by each copy of a bundle once: at any time within its validity the outcome is the same.
struct Verdicts {
    enum Verdict {
        case verified, refused
        /// By another trust domain's keys.
        case mistaken
    }

    private struct Question: Hashable {
        var serial: Int
        var verifier: TrustDomain
        /// Which copy of the bundles of the SVID's trust domain and of the verifier's own.
        var copies: [Int]
    }

    private var verdicts: [Question: Verdict] = [:]

    /// Outside of the SVID's validity there is nothing to be verified.
    mutating func verdict(on svid: LiveSVID, by verifier: SimulatedWorkload, at now: Date) -> Verdict {
        guard svid.notBefore <= now, now < svid.notAfter else { return .refused }
        let own = verifier.id.trustDomain
        let copies = [svid.trustDomain, own].map { verifier.copies[$0, default: 0] }
        let question = Question(serial: svid.serial, verifier: own, copies: copies)
        if let known = verdicts[question] { return known }
        let verdict = judge(svid, by: verifier, at: now)
        verdicts[question] = verdict
        return verdict
    }

    private func judge(_ svid: LiveSVID, by verifier: SimulatedWorkload, at now: Date) -> Verdict {
        let own = verifier.id.trustDomain
        if own != svid.trustDomain, var disguised = verifier.trusted[own] {
            // The verifier's own keys under the name of the SVID's trust domain.
            disguised.trustDomain = svid.trustDomain
            if svid.verifies(by: BundleSet([disguised]), at: now) { return .mistaken }
        }
        return svid.verifies(by: verifier.trusted, at: now) ? .verified : .refused
    }
}
