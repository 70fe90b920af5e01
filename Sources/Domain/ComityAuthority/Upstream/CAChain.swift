// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// A CA signed from above, verified.
package struct CAChain: Hashable, Sendable {
    package let certificate: X509Authority
    /// DER: what follows the leaf in the chain of an SVID, the CA itself first, up to but without the root.
    package let intermediates: [[UInt8]]
    package let roots: [X509Authority]
}
