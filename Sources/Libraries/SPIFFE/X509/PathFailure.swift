// SPDX-License-Identifier: Apache-2.0

/// Why a certificate cannot be used at its place in a path.
struct PathFailure: Error, Hashable {
    /// How much a failure tells: the later ones are about a certificate that is known to be the issuer.
    enum Stage: Int {
        case unknownIssuer, badSignature, unfitCertificate, constrainedName
    }

    var stage: Stage
    var message: String

    init(_ stage: Stage, _ message: String) {
        self.stage = stage
        self.message = message
    }
}
