// SPDX-License-Identifier: Apache-2.0

/// What an endpoint sent that nothing was known about: neither the chain nor the document is proven.
package struct FirstContact: Sendable {
    /// DER, leaf first.
    package var certificates: [[UInt8]]
    package var document: [UInt8]
}
