// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

/// Applies the name constraints of a whole path, whose signatures are verified already (RFC 5280 §4.2.1.10).
///
/// Checked last, so that constraints are only ever those of genuine authorities.
struct NameConstraintCheck {
    /// Over all paths: an authority may hold thousands of constraints and a leaf thousands of names.
    private(set) var remainingComparisons: Int

    init(remainingComparisons: Int) {
        self.remainingComparisons = remainingComparisons
    }

    /// - Parameter path: Leaf first, authority last.
    mutating func check(_ path: [PathCertificate]) throws(PathFailure) {
        for (position, issuer) in path.enumerated().dropFirst() {
            guard let constraints = issuer.nameConstraints else { continue }
            for (index, certificate) in path[..<position].enumerated() where index == 0 || !certificate.isSelfIssued {
                try check(certificate, against: constraints, of: issuer.label)
            }
        }
    }

    private mutating func check(
        _ certificate: PathCertificate, against constraints: NameConstraints, of issuer: String
    ) throws(PathFailure) {
        for name in certificate.constrainedNames {
            try spend(constraints.permittedSubtrees.count + constraints.excludedSubtrees.count)
            let permitted = constraints.permittedSubtrees.filter { $0.isSameKind(as: name) }
            let excluded = constraints.excludedSubtrees.filter { $0.isSameKind(as: name) }
            if permitted.isEmpty, excluded.isEmpty { continue }
            var isPermitted = permitted.isEmpty
            for subtree in permitted where try matches(name, subtree, certificate, issuer) { isPermitted = true }
            guard isPermitted else {
                throw PathFailure(
                    .constrainedName, "a name in the \(certificate.label) is not permitted by the \(issuer)")
            }
            for subtree in excluded where try matches(name, subtree, certificate, issuer) {
                throw PathFailure(.constrainedName, "a name in the \(certificate.label) is excluded by the \(issuer)")
            }
        }
    }

    private func matches(
        _ name: GeneralName, _ subtree: GeneralName, _ certificate: PathCertificate, _ issuer: String
    ) throws(PathFailure) -> Bool {
        do throws(NameConstraint.Unusable) {
            return try NameConstraint.matches(name, subtree)
        } catch {
            throw PathFailure(
                .constrainedName,
                "name constraint of the \(issuer) cannot be applied to the \(certificate.label): \(error.reason)")
        }
    }

    private mutating func spend(_ comparisons: Int) throws(PathFailure) {
        remainingComparisons -= comparisons
        guard remainingComparisons >= 0 else {
            throw PathFailure(.constrainedName, "too many names and name constraints")
        }
    }
}

extension PathCertificate {
    private static let emailAddress: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 1]

    /// The subject, when not empty, and the alternative names; without any of these the subject's e-mail addresses too.
    var constrainedNames: [GeneralName] {
        var names: [GeneralName] = alternativeNames.map { Array($0) } ?? []
        let subject = certificate.subject
        if alternativeNames == nil {
            let attributes = subject.flatMap { Array($0) }.filter { $0.type == Self.emailAddress }
            names += attributes.compactMap { String($0.value).map { .rfc822Name($0) } }
        }
        if !subject.isEmpty { names.append(.directoryName(subject)) }
        return names
    }
}

extension GeneralName {
    fileprivate func isSameKind(as other: GeneralName) -> Bool {
        switch (self, other) {
        case (.otherName, .otherName), (.rfc822Name, .rfc822Name), (.dnsName, .dnsName), (.x400Address, .x400Address),
            (.directoryName, .directoryName), (.ediPartyName, .ediPartyName), (.ipAddress, .ipAddress),
            (.uniformResourceIdentifier, .uniformResourceIdentifier), (.registeredID, .registeredID):
            true
        default: false
        }
    }
}
