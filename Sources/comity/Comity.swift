// SPDX-License-Identifier: Apache-2.0

import ComityCommands

@main
struct Comity {
    static func main() {}
}
