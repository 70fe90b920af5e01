// SPDX-License-Identifier: Apache-2.0

/// Why the Workload API gave nothing, or why what it gave was refused.
///
/// Compare errors by ``code``; ``message`` is for a human and may change.
public struct WorkloadAPIError: Error, Sendable {
    /// A stable, comparable reason.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case invalidAddress, noAddress, invalidArgument, permissionDenied, unavailable, unimplemented
            case malformedAnswer, notReady, noIdentity, expired, cancelled, failed, invalidCredential
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The name of the code.
        public var description: String { name.rawValue }

        /// The text is not an address of a Workload API (Workload Endpoint §4).
        public static let invalidAddress = Code(.invalidAddress)
        /// There is no explicit address, and the environment names none.
        public static let noAddress = Code(.noAddress)
        /// The call is malformed; repeating it is no use (Workload Endpoint §6).
        public static let invalidArgument = Code(.invalidArgument)
        /// There is no identity for this workload, at least not now.
        public static let permissionDenied = Code(.permissionDenied)
        /// The agent is not there, not ready or too busy.
        public static let unavailable = Code(.unavailable)
        /// The agent does not offer this call.
        public static let unimplemented = Code(.unimplemented)
        /// The answer breaks a rule of the Workload API and was discarded.
        public static let malformedAnswer = Code(.malformedAnswer)
        /// Nothing has been received yet.
        public static let notReady = Code(.notReady)
        /// No identity fits what was asked for.
        public static let noIdentity = Code(.noIdentity)
        /// The identity has ended, and the agent gave no newer one.
        public static let expired = Code(.expired)
        /// The caller gave up.
        public static let cancelled = Code(.cancelled)
        /// Any other failure that the agent reports.
        public static let failed = Code(.failed)
        /// The identity cannot be used for TLS.
        public static let invalidCredential = Code(.invalidCredential)
    }

    /// What programs decide by.
    public var code: Code

    /// What a human reads; never a secret.
    public var message: String

    /// The error behind this one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension WorkloadAPIError: CustomStringConvertible {
    /// The message, followed by that of the cause.
    public var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension WorkloadAPIError: Equatable {
    /// Compares codes only.
    public static func == (lhs: WorkloadAPIError, rhs: WorkloadAPIError) -> Bool {
        lhs.code == rhs.code
    }
}
