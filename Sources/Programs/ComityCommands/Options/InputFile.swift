// SPDX-License-Identifier: Apache-2.0

import Glibc
import SPIFFE

/// Text that a command is given as a file or on its standard input, bounded in size.
enum InputFile {
    /// The largest input, in bytes.
    static let maximumSize = SPIFFEBundle.maximumDocumentSize

    private static let chunk = 1 << 16

    /// - Parameter path: `-` is standard input.
    /// - Throws: ``CommandError`` with code `file`.
    static func read(_ path: String) throws(CommandError) -> [UInt8] {
        guard path != "-" else { return try readAll(STDIN_FILENO, name: "standard input") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open \(path)") }
        defer { close(descriptor) }
        return try readAll(descriptor, name: path)
    }

    private static func readAll(_ descriptor: Int32, name: String) throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read \(name)") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumSize else {
                throw CommandError(.file, "\(name) has more than \(maximumSize) bytes")
            }
        }
    }

    private static func failure(_ step: String) -> CommandError {
        CommandError(.file, "\(step): \(String(cString: strerror(errno)).lowercased())")
    }
}
