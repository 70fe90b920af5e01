// SPDX-License-Identifier: Apache-2.0

import Crypto
package import SPIFFE
import X509

extension SPIFFEBundle {
    /// `sha256:` and the digest of the bundle document with its keys in order, so that it is the same for the same content.
    package var digest: String {
        var ordered = self
        ordered.x509Authorities.sort { $0.derBytes.lexicographicallyPrecedes($1.derBytes) }
        let keys = jwtAuthorities.map { ($0, $0.keyID + "\n" + $0.publicKey.subjectPublicKeyInfoBytes.hex) }
        ordered.jwtAuthorities = keys.sorted { $0.1 < $1.1 }.map(\.0)
        return "sha256:\(SHA256.hash(data: ordered.document()).hex)"
    }
}
