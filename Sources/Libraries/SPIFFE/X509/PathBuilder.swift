// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import X509

/// Finds a path from a leaf to an authority of one bundle (RFC 5280 §6.1).
///
/// Presented certificates are an unordered pool. Every path is tried depth first, authorities before intermediates and
/// matching key identifiers before others, until one holds or ``PathLimits`` ends the search. A pair of certificates
/// is verified once however many paths share it, so that tangled input costs no more than the limits say.
struct PathBuilder {
    private struct Pair: Hashable {
        var subject: Int
        var issuer: Int
    }

    /// Leaf first, then the pool, then the authorities; paths are indices into it.
    private let nodes: [PathCertificate]
    private let firstAuthority: Int
    private let date: Date
    private let limits: PathLimits

    private var verdicts: [Pair: Bool] = [:]
    private var names: NameConstraintCheck
    private var isExhausted = false
    /// The paths that hold, while all are asked for.
    private var found: [[Int]]?
    private var failure: (rank: Int, failure: PathFailure)?

    private(set) var candidates = 0
    private(set) var signatureChecks = 0

    /// - Parameter presented: Leaf first, then intermediates in any order.
    init(
        leaf: PathCertificate, presented: some Sequence<Certificate>, authorities: [X509Authority], at date: Date,
        limits: PathLimits
    ) {
        var nodes = [leaf]
        var undecodable: PathFailure?
        // Of a large bundle only the authorities that something presented names as its issuer matter.
        let issuers = Set([leaf.certificate.issuer] + presented.map(\.issuer))
        let authorities = authorities.lazy.map(\.certificate).filter { issuers.contains($0.subject) }
            .prefix(limits.candidates)
        var seen = Set(authorities)
        seen.insert(leaf.certificate)
        for (index, certificate) in presented.enumerated() where seen.insert(certificate).inserted {
            do throws(PathFailure) {
                nodes.append(try PathCertificate(certificate, label: "intermediate certificate \(index + 1)"))
            } catch {
                // It cannot issue; as an extra certificate it does no harm (decision D-17).
                undecodable = error
            }
        }
        firstAuthority = nodes.count
        for authority in authorities {
            do throws(PathFailure) {
                nodes.append(try PathCertificate(authority, label: "authority certificate"))
            } catch {
                undecodable = error
            }
        }
        self.nodes = nodes
        self.date = date
        self.limits = limits
        names = NameConstraintCheck(remainingComparisons: limits.nameComparisons)
        if let undecodable { note(undecodable, at: 1) }
    }

    /// The path, leaf first and authority last.
    mutating func build() throws(PathFailure) -> [PathCertificate] {
        var path = [0]
        if extend(&path) { return path.map { nodes[$0] } }
        throw reason
    }

    /// Every path that is found within the limits; at least one.
    mutating func buildAll() throws(PathFailure) -> [[PathCertificate]] {
        var path = [0]
        found = []
        _ = extend(&path)
        guard let found, !found.isEmpty else { throw reason }
        return found.map { $0.map { nodes[$0] } }
    }

    /// Why there is no path.
    private var reason: PathFailure {
        guard !isExhausted else {
            return PathFailure(.unknownIssuer, "no path to an authority within the limits on the search")
        }
        return failure?.failure ?? Self.unknownAuthority
    }

    private static let unknownAuthority = PathFailure(.unknownIssuer, "certificate signed by unknown authority")

    private mutating func extend(_ path: inout [Int]) -> Bool {
        let issuers = issuers(of: path[path.count - 1], notIn: path)
        if issuers.isEmpty { note(Self.unknownAuthority, at: path.count) }
        for issuer in issuers where !isExhausted {
            do throws(PathFailure) {
                try checkStep(to: issuer, from: path)
                path.append(issuer)
                if issuer >= firstAuthority {
                    try names.check(path.map { nodes[$0] })
                    guard found != nil else { return true }
                    found?.append(path)
                } else if extend(&path) {
                    return true
                }
                path.removeLast()
            } catch {
                if path.last == issuer { path.removeLast() }
                note(error, at: path.count)
            }
        }
        return false
    }

    /// Certificates whose subject is the issuer's name, likeliest first.
    private func issuers(of subject: Int, notIn path: [Int]) -> [Int] {
        let child = nodes[subject]
        let named = (1..<nodes.count).filter { index in
            nodes[index].certificate.subject == child.certificate.issuer
                && !path.contains { nodes[$0].isSameIssuer(as: nodes[index]) }
        }
        func preference(_ index: Int) -> Int {
            (keyIDsDiffer(child, nodes[index]) ? 2 : 0) + (index < firstAuthority ? 1 : 0)
        }
        return named.sorted { (preference($0), $0) < (preference($1), $1) }
    }

    /// Key identifiers are hints only: a missing or differing one never refuses a path.
    private func keyIDsDiffer(_ child: PathCertificate, _ issuer: PathCertificate) -> Bool {
        guard let wanted = child.authorityKeyID, let offered = issuer.subjectKeyID else { return false }
        return wanted != offered
    }

    private mutating func checkStep(to issuer: Int, from path: [Int]) throws(PathFailure) {
        candidates += 1
        guard candidates <= limits.candidates else {
            isExhausted = true
            throw PathFailure(.unknownIssuer, "too many candidate paths")
        }
        guard path.count < limits.depth else {
            throw PathFailure(.unfitCertificate, "path is longer than \(limits.depth) certificates")
        }
        let node = nodes[issuer]
        try PathKeyRules.check(node.certificate.publicKey, of: node.label)
        try checkSignature(of: path[path.count - 1], by: issuer)
        try node.checkBasics(at: date)
        try node.checkIssuing(isTrusted: issuer >= firstAuthority)
        // Authorities too, though their own signature proves nothing (decision D-10).
        try PathKeyRules.check(signatureOf: node.certificate, label: node.label)
        try checkPathLength(of: node, above: path)
    }

    private mutating func checkSignature(of subject: Int, by issuer: Int) throws(PathFailure) {
        let child = nodes[subject]
        try PathKeyRules.check(signatureOf: child.certificate, label: child.label)
        let pair = Pair(subject: subject, issuer: issuer)
        let isValid: Bool
        if let known = verdicts[pair] {
            isValid = known
        } else {
            guard signatureChecks < limits.signatureChecks else {
                isExhausted = true
                throw PathFailure(.unknownIssuer, "too many signature checks")
            }
            signatureChecks += 1
            isValid = nodes[issuer].certificate.publicKey.isValidSignature(
                child.certificate.signature, for: child.certificate)
            verdicts[pair] = isValid
        }
        guard isValid else {
            throw PathFailure(
                .badSignature,
                "certificate signed by unknown authority: the signature of the \(child.label) is not by the "
                    + "\(nodes[issuer].label) that has its issuer's name")
        }
    }

    /// Self-issued certificates and the leaf do not count (RFC 5280 §6.1.4(l), (m)).
    private func checkPathLength(of issuer: PathCertificate, above path: [Int]) throws(PathFailure) {
        guard let limit = issuer.pathLength else { return }
        let intermediates = path.dropFirst().count { !nodes[$0].isSelfIssued }
        guard intermediates <= limit else {
            throw PathFailure(
                .unfitCertificate,
                "\(issuer.label) allows \(limit) intermediates below it, the path has \(intermediates)")
        }
    }

    /// Keeps the reason that got furthest: the longest path, and there what is known for the true issuer.
    private mutating func note(_ new: PathFailure, at depth: Int) {
        let rank = depth * 8 + new.stage.rawValue
        if let failure, failure.rank >= rank { return }
        failure = (rank, new)
    }
}
