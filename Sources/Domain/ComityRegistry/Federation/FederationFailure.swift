// SPDX-License-Identifier: Apache-2.0

/// Why a bundle could not be had from its endpoint: a class to act on and a text to read.
package struct FederationFailure: Error, Hashable, Sendable {
    /// Stored and sent by name; never renamed.
    package enum Class: String, CaseIterable, Hashable, Sendable {
        case dns, connect, tlsIdentity, timeout, redirect, httpStatus, tooLarge, document, rollback, sharedKey,
            noBundle, store
    }

    package var `class`: Class
    package var message: String

    package init(_ class: Class, _ message: String) {
        self.class = `class`
        self.message = message
    }
}

extension FederationFailure: CustomStringConvertible {
    package var description: String { message }
}
