// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SPIFFE

/// The choice between text for people and JSON for programs; the only place that prints an answer.
struct OutputOptions: ParsableArguments {
    @Option(name: .flag("output"), help: "Desired output format: pretty or json.")
    var output = OutputFormat.pretty

    /// - Parameter pretty: Made only when asked for, since it may have faults of its own.
    func print(_ answers: JSONValue..., pretty: () throws -> String) throws {
        try print(answers, pretty: pretty)
    }

    /// As above, for answers whose number is not known.
    func print(_ answers: [JSONValue], pretty: () throws -> String) throws {
        switch output {
        case .pretty: Console.out(try pretty())
        case .json: Console.out(AnswerJSON.line(answers))
        }
    }
}
