// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The scratch folder. Its path is short, so that Unix sockets fit into it.
struct DemoFolder: Sendable {
    let path: String

    init() throws(DemoError) {
        let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
        path = "/tmp/comity-demo-\(suffix)"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DemoError(.system, "cannot make the folder \(path)", cause: error)
        }
    }

    func write(_ text: String, to path: String) throws(DemoError) {
        do {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw DemoError(.system, "cannot write \(path)", cause: error)
        }
    }

    /// Takes keys and databases away and leaves configuration, bundles and logs.
    func removeSecrets() {
        for domain in ["alpha", "beta"] {
            for data in ["server", "agent"] {
                // What is left behind is readable by its owner only.
                try? FileManager.default.removeItem(atPath: "\(path)/\(domain)/\(data)")
            }
        }
    }

    func remove() {
        // What is left behind is in /tmp and harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }
}
