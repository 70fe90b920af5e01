// SPDX-License-Identifier: Apache-2.0

import Glibc
import ServerAPIProtos
import SwiftProtobuf

/// An entry to be created.
struct EntryTemplate: Sendable {
    /// Paths of SPIFFE IDs.
    var path: String
    var parent: String
    var selectors: [String]

    /// Applies to this process under the agent of ``Bench/withAgent(_:_:)``.
    static let forThisProcess = EntryTemplate(path: "/web", parent: "/node", selectors: ["uid:\(getuid())"])

    var message: Spire_Api_Types_Entry {
        .with {
            $0.spiffeID = .inDomain(path)
            $0.parentID = .inDomain(parent)
            $0.selectors = selectors.map { value in
                .with {
                    $0.type = "unix"
                    $0.value = value
                }
            }
        }
    }
}

extension Spire_Api_Types_SPIFFEID {
    static func inDomain(_ path: String) -> Self {
        .with {
            $0.trustDomain = Domain.name
            $0.path = path
        }
    }
}
