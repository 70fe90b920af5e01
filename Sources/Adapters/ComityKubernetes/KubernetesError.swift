// SPDX-License-Identifier: Apache-2.0

/// Why the Kubernetes API did not do what was asked.
public struct KubernetesError: Error, Hashable, CustomStringConvertible {
    /// The HTTP status; `nil` when no answer came.
    public let status: Int?
    /// The `reason` of the API's Status object, such as `NotFound`, `Conflict`, `Expired`; empty when there is none.
    public let reason: String
    public let message: String

    public init(status: Int?, reason: String = "", _ message: String) {
        self.status = status
        self.reason = reason
        self.message = message
    }

    public var description: String { message }
}
