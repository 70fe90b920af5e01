// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE

extension RegistryChange {
    /// As the log has it.
    var text: String {
        switch self {
        case .entry(let id): "entry:\(id)"
        case .node(let id): "node:\(id.uri)"
        case .bundle(let trustDomain): "bundle:\(trustDomain.name)"
        case .relationship(let trustDomain): "relationship:\(trustDomain.name)"
        case .everything: "everything:"
        }
    }

    /// What cannot be read stands for everything: a newer server may have written it.
    init(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let subject = parts.count == 2 ? parts[1] : ""
        let change: RegistryChange? =
            switch parts[0] {
            case "entry": subject.isEmpty ? nil : .entry(id: subject)
            case "node": (try? SPIFFEID(subject)).map { .node($0) }
            case "bundle": (try? TrustDomain(subject)).map { .bundle($0) }
            case "relationship": (try? TrustDomain(subject)).map { .relationship($0) }
            default: nil
            }
        self = change ?? .everything
    }
}
