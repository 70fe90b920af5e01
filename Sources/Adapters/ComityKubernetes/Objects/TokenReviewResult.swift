// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

/// What the API server says of a token.
public struct TokenReviewResult: Hashable, Sendable {
    /// Whether the token is good, for one of the audiences that were asked for.
    public var isAuthenticated: Bool
    /// Such as `system:serviceaccount:default:web`; empty when the token is not good.
    public var userName: String
    /// The ID of the user, such as of the service account.
    public var userID: String
    /// The groups of the user.
    public var groups: [String]
    /// What else is known, such as `authentication.kubernetes.io/pod-name`.
    public var extra: [String: [String]]
    /// Those of the audiences asked for that the token is good for; empty when the server does not look at audiences.
    public var audiences: [String]
    /// Why the token is not good, when the server says so.
    public var error: String

    /// Reads the `status` of a TokenReview.
    public init(status: JSONValue) {
        let user = status["user"]
        isAuthenticated = status["authenticated"]?.bool ?? false
        userName = user?["username"]?.string ?? ""
        userID = user?["uid"]?.string ?? ""
        groups = Self.texts(user?["groups"])
        extra = (user?["extra"]?.object?.dictionary ?? [:]).mapValues(Self.texts)
        audiences = Self.texts(status["audiences"])
        error = status["error"]?.string ?? ""
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        (value?.array ?? []).compactMap(\.string)
    }
}
