// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Logging

/// Tells problems when they come, not again with every pass.
struct ProblemLog {
    private var told: Set<Problem> = []

    mutating func tell(_ problems: [Problem], _ logger: Logger) {
        for problem in problems where !told.contains(problem) {
            logger.log(
                level: problem.level, Logger.Message(stringLiteral: problem.message),
                metadata: problem.fields.mapValues { "\($0)" })
        }
        told = Set(problems)
    }
}
