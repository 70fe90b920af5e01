// SPDX-License-Identifier: Apache-2.0

/// Why the Kubernetes API did not do what was asked.
///
/// Tokens, keys and what an exec plugin printed are in no message.
public struct KubernetesError: Error, Hashable, CustomStringConvertible {
    /// The HTTP status; `nil` when no answer came.
    public let status: Int?
    /// The `reason` of the API's Status object, such as `NotFound`, `Conflict`, `Expired`; one of ``Reason`` when this
    /// library is who says so; empty when there is none.
    public let reason: String
    /// What was refused and why, for a person.
    public let message: String

    /// Makes an error.
    public init(status: Int?, reason: String = "", _ message: String) {
        self.status = status
        self.reason = reason
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

extension KubernetesError {
    /// Reasons that this library gives; those of the API are its own.
    public enum Reason {
        /// The kubeconfig, the pod's service account or what they name cannot be used.
        public static let configuration = "InvalidConfiguration"
        /// No credential was to be had, such as from an exec plugin.
        public static let credential = "CredentialUnavailable"
        /// The API server cannot be reached or is not believed.
        public static let connection = "ConnectionFailed"
        /// No answer, or no whole one, came in time.
        public static let deadline = "DeadlineExceeded"
        /// The answer is longer than what is read.
        public static let tooLarge = "AnswerTooLarge"
        /// The answer is not what the API answers.
        public static let answer = "InvalidAnswer"
        /// What was asked for cannot be asked.
        public static let request = "InvalidRequest"
        /// The task was cancelled.
        public static let cancelled = "Cancelled"
    }

    /// Nothing is there under that name, or the whole type is gone.
    public var isNotFound: Bool { status == 404 }

    /// Somebody changed the object since it was read, or it exists already.
    public var isConflict: Bool { status == 409 }

    /// The resource version or the page is too old: list again.
    public var isExpired: Bool { status == 410 }

    /// Nobody may do that with these credentials.
    public var isForbidden: Bool { status == 403 }
}
