// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ServerAPIProtos

/// What became of one item of a batch.
package struct ItemResult: Hashable, Sendable {
    private static let notFound: Int32 = 5
    private static let alreadyExists: Int32 = 6

    /// A gRPC status code.
    package var code: Int32
    package var message: String
    /// As the server has it now; `nil` where it says nothing of it.
    package var entry: Entry?

    package init(code: Int32 = 0, message: String = "", entry: Entry? = nil) {
        self.code = code
        self.message = message
        self.entry = entry
    }

    package init(_ status: Spire_Api_Types_Status, entry: Entry? = nil) {
        self.init(code: status.code, message: status.message, entry: entry)
    }

    package var isDone: Bool { code == 0 }
    package var isMissing: Bool { code == Self.notFound }
    package var isThereAlready: Bool { code == Self.alreadyExists }
}
