// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Whom an answer is written for.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case pretty, json
}
