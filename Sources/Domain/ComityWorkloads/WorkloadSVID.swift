// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// An X509-SVID with its private key, ready to be handed to a workload. The key never reaches a log.
package struct WorkloadSVID: Hashable, Sendable {
    package var spiffeID: SPIFFEID
    /// DER, the leaf first.
    package var certificateChain: [[UInt8]]
    /// PKCS#8 DER.
    package var privateKey: [UInt8]
    package var notBefore: Date
    package var notAfter: Date
    /// Hex key identifiers of the authorities that signed the leaf and what stands above it.
    package var signerKeyIDs: Set<String>

    package init(
        spiffeID: SPIFFEID, certificateChain: [[UInt8]], privateKey: [UInt8], notBefore: Date, notAfter: Date,
        signerKeyIDs: Set<String> = []
    ) {
        self.spiffeID = spiffeID
        self.certificateChain = certificateChain
        self.privateKey = privateKey
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.signerKeyIDs = signerKeyIDs
    }
}

extension WorkloadSVID: CustomStringConvertible {
    package var description: String { "X509-SVID of \(spiffeID)" }
}
