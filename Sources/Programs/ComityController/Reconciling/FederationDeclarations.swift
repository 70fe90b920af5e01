// SPDX-License-Identifier: Apache-2.0

/// Where federation is declared: a folder or a cluster.
package protocol FederationDeclarations: Sendable {
    func read() async -> FederationReading
}
