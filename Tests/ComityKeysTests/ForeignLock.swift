// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A process of another program that has a file locked.
struct ForeignLock {
    private let process = Process()
    private let input = Pipe()

    var processID: Int32 { process.processIdentifier }

    init(on path: String) throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let program = """
            import fcntl, sys
            file = open(sys.argv[1], "w")
            fcntl.lockf(file, fcntl.LOCK_EX)
            print("locked", flush=True)
            sys.stdin.read()
            """
        process.arguments = ["python3", "-c", program, path]
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        _ = try output.fileHandleForReading.read(upToCount: 6)
    }

    func release() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
