// SPDX-License-Identifier: Apache-2.0

import Yams

/// Tells what is wrong with a YAML text without quoting it.
enum YAMLFault {
    static func error(_ error: any Error) -> KubernetesError {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            YAML.failure("invalid YAML at line \(mark.line), column \(mark.column): \(problem)")
        case YamlError.duplicatedKeysInMapping(_, let context):
            YAML.failure("invalid YAML: the mapping at line \(context.mark.line) names a key twice")
        case YamlError.reader(let problem, let offset, _, _):
            YAML.failure("invalid YAML at byte \(offset ?? 0): \(problem)")
        default:
            YAML.failure("invalid YAML")
        }
    }
}
