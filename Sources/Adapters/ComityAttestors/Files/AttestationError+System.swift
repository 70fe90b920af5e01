// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Glibc

extension AttestationError {
    /// The failure that `errno` holds now.
    static func system(_ action: String) -> AttestationError {
        AttestationError(.internalError, "\(action): \(String(cString: strerror(errno)))")
    }
}
