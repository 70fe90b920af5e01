// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes

/// What came of giving the bundle to several objects.
struct BundleReport {
    var hasWritten = false
    var failures: [String] = []

    mutating func add(_ name: String, _ write: () async throws(KubernetesError) -> Bool) async {
        do throws(KubernetesError) {
            if try await write() { hasWritten = true }
        } catch {
            failures.append("\(name): \(error.message)")
        }
    }
}
