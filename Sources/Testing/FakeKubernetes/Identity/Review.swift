// SPDX-License-Identifier: Apache-2.0

/// The types whose objects are questions: answered, not stored.
enum Review: String, Sendable {
    case token = "tokenreviews"
    case access = "subjectaccessreviews"
    case ownAccess = "selfsubjectaccessreviews"
}
