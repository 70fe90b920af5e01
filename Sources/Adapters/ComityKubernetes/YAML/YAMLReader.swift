// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Yams

/// Makes JSON values of YAML nodes, within bounds: an alias may stand for much.
struct YAMLReader {
    var remaining: Int

    mutating func value(of node: Node, depth: Int) throws(KubernetesError) -> JSONValue {
        guard depth <= JSONValue.maximumDepth else {
            throw YAML.failure("YAML is nested deeper than \(JSONValue.maximumDepth) levels")
        }
        remaining -= 1
        guard remaining >= 0 else {
            throw YAML.failure("YAML has more than \(YAML.maximumValues) values")
        }
        switch node {
        case .scalar(let scalar): return try YAMLScalar.value(of: scalar)
        case .sequence(let sequence): return .array(try elements(sequence, depth: depth))
        case .mapping(let mapping): return .object(try members(mapping, depth: depth))
        case .alias: throw YAML.failure("YAML has an alias without its anchor")
        }
    }

    private mutating func elements(_ sequence: Node.Sequence, depth: Int) throws(KubernetesError) -> [JSONValue] {
        var elements: [JSONValue] = []
        for node in sequence { elements.append(try value(of: node, depth: depth + 1)) }
        return elements
    }

    private mutating func members(_ mapping: Node.Mapping, depth: Int) throws(KubernetesError) -> JSONObject {
        var members = JSONObject()
        var merged: [JSONValue] = []
        for (key, node) in mapping {
            guard let scalar = key.scalar else {
                throw YAML.failure("YAML has a mapping whose key is no text")
            }
            let value = try value(of: node, depth: depth + 1)
            if scalar.string == "<<", scalar.style == .plain {
                merged += value.array ?? [value]
            } else {
                members[scalar.string] = value
            }
        }
        for source in merged {
            guard let source = source.object else { throw YAML.failure("YAML merges (<<) what is no mapping") }
            for member in source.members where members[member.name] == nil { members[member.name] = member.value }
        }
        return members
    }
}
