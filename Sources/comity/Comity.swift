// SPDX-License-Identifier: Apache-2.0

import ComityCommands
import Glibc

@main
struct Comity {
    // Runs on the main actor, where nothing but this call belongs.
    static func main() async {
        exit(await CommandLineProgram.run(CommandLine.arguments))
    }
}
