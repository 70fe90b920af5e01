// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads a file of the folder Fixtures.
func fixture(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name)")))
}
