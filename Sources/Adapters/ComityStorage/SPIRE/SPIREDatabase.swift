// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What a SPIRE server's database holds, row by row and as it is written there.
package struct SPIREDatabase: Hashable, Sendable {
    package struct Bundle: Hashable, Sendable {
        package var trustDomain = ""
        /// Protobuf.
        package var data: [UInt8] = []
    }

    package struct Selector: Hashable, Sendable {
        package var type = ""
        package var value = ""
    }

    package struct Entry: Hashable, Sendable {
        package var id = ""
        package var spiffeID = ""
        package var parentID = ""
        package var selectors: [Selector] = []
        package var x509SVIDTTL: Int32 = 0
        package var jwtSVIDTTL: Int32 = 0
        package var federatesWith: [String] = []
        package var isAdmin = false
        package var isDownstream = false
        /// Seconds since 1970; 0 stands for never.
        package var expiry: Int64 = 0
        package var dnsNames: [String] = []
        package var revisionNumber: Int64 = 0
        package var storesSVID = false
        package var hint = ""
        package var createdAt: Date?
        /// Protobuf; empty when there is none.
        package var additionalAttributes: [UInt8] = []
    }

    package struct Node: Hashable, Sendable {
        package var spiffeID = ""
        package var attestationType = ""
        package var serialNumber = ""
        package var expiresAt: Date?
        package var newSerialNumber = ""
        package var newExpiresAt: Date?
        package var canReattest = false
        package var agentVersion = ""
        package var selectors: [Selector] = []
    }

    package struct JoinToken: Hashable, Sendable {
        package var token = ""
        /// Seconds since 1970.
        package var expiry: Int64 = 0
    }

    package struct Relationship: Hashable, Sendable {
        package var trustDomain = ""
        package var bundleEndpointURL = ""
        package var bundleEndpointProfile = ""
        package var endpointSPIFFEID = ""
    }

    package struct Journal: Hashable, Sendable {
        package var activeX509AuthorityID = ""
        /// Protobuf.
        package var data: [UInt8] = []
    }

    /// Names the database, without anything secret.
    package var name: String
    package var schemaVersion: Int64 = 0
    /// Of the SPIRE that last had it.
    package var codeVersion = ""
    package var bundles: [Bundle] = []
    package var entries: [Entry] = []
    package var nodes: [Node] = []
    package var joinTokens: [JoinToken] = []
    package var relationships: [Relationship] = []
    package var journals: [Journal] = []
    /// Tables and columns, as `table` and `table.column`, that are not known here and were not read.
    package var unknown: [String] = []

    package init(name: String) {
        self.name = name
    }
}
