// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE
import X509

extension X509Authority {
    /// From when on nothing verifies by it.
    package var end: Date { certificate.notValidAfter }
}
