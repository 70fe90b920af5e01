// SPDX-License-Identifier: Apache-2.0

/// Why an authority refused to make, keep or use something. Never carries key material.
package struct AuthorityError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case invalidKey, invalidRequest, invalidRequestSignature, invalidTemplate, invalidJournal
            case expired, unexpectedAuthority, unsupportedStatus, keyStorage, signing, notReady, upstream
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The key is malformed, too weak or of an unsupported kind.
        package static let invalidKey = Code(.invalidKey)
        /// The certificate signing request cannot be read.
        package static let invalidRequest = Code(.invalidRequest)
        /// The certificate signing request is not signed by the key in it.
        package static let invalidRequestSignature = Code(.invalidRequestSignature)
        /// What is to be signed breaks a rule of the SVID standards.
        package static let invalidTemplate = Code(.invalidTemplate)
        /// The journal is of another version or damaged.
        package static let invalidJournal = Code(.invalidJournal)
        /// The authority that should sign has ended.
        package static let expired = Code(.expired)
        /// The operator named an authority that is not the one this step works on.
        package static let unexpectedAuthority = Code(.unexpectedAuthority)
        /// The named authority is in a state that forbids the step.
        package static let unsupportedStatus = Code(.unsupportedStatus)
        /// The key store cannot be read or written.
        package static let keyStorage = Code(.keyStorage)
        /// The key refused to sign.
        package static let signing = Code(.signing)
        /// The authority above cannot be used.
        package static let upstream = Code(.upstream)
        /// No authority is active yet.
        package static let notReady = Code(.notReady)
    }

    package var code: Code
    package var message: String
    package var cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension AuthorityError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension AuthorityError: Equatable {
    package static func == (lhs: AuthorityError, rhs: AuthorityError) -> Bool {
        lhs.code == rhs.code
    }
}
