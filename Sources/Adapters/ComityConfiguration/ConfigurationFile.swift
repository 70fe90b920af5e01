// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// The text of a configuration and the name that its faults carry.
package struct ConfigurationFile: Sendable, Hashable {
    package var name: String
    package var text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// Reads a file of at most ``ConfigurationLimits/maximumBytes``.
    ///
    /// - Parameter environment: Replaces `$NAME` in the text when given (`-expandEnv`).
    package init(path: String, expanding environment: [String: String]? = nil) throws(ConfigurationFaults) {
        // One byte more than is accepted tells a file that is too large, without reading all of it.
        let data = try Self.read(path, upTo: ConfigurationLimits.maximumBytes + 1)
        guard data.count <= ConfigurationLimits.maximumBytes else {
            throw Self.failure(
                "unable to read configuration at \(path.quoted): larger than \(ConfigurationLimits.maximumBytes) bytes")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Self.failure("unable to read configuration at \(path.quoted): not UTF-8")
        }
        name = path
        self.text = environment.map { EnvironmentExpansion.expand(text, $0) } ?? text
    }

    private static func read(_ path: String, upTo limit: Int) throws(ConfigurationFaults) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno != ENOENT else {
                let absolute = URL(filePath: path).standardizedFileURL.path
                throw failure("could not find config file \(absolute): please use the -config flag")
            }
            throw unreadable(path, errno)
        }
        defer { close(file) }
        var data: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while data.count < limit {
            let count = Glibc.read(file, &buffer, min(buffer.count, limit - data.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            if count == 0 { break }
            data += buffer[..<count]
        }
        return data
    }

    private static func unreadable(_ path: String, _ code: Int32) -> ConfigurationFaults {
        failure("unable to read configuration at \(path.quoted): \(String(cString: strerror(code)))")
    }

    private static func failure(_ message: String) -> ConfigurationFaults {
        ConfigurationFaults([ConfigurationFault(.error, file: "", place: nil, message: message)])
    }
}
