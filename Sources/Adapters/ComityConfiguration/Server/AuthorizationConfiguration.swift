// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// The `authorization` block: callers that may call some methods of operators without being administrators.
package struct AuthorizationConfiguration: Sendable, Hashable {
    /// Full methods, such as `/spire.api.server.entry.v1.Entry/ListEntries`, by caller.
    package var allowed: [SPIFFEID: Set<String>] = [:]

    init(in server: ConfigurationSection) {
        guard let section = server.section("authorization") else { return }
        for member in section.entries("allow") {
            allow(member, section.faults)
        }
        section.reportUnknownKeys(.error)
    }

    private mutating func allow(_ member: ConfigurationMember, _ faults: FaultCollector) {
        let name = "authorization.allow[\(member.key.quoted)]"
        guard let members = member.value.members else {
            faults.error("\(name) must be a block, not \(member.value.kind)", at: member.place)
            return
        }
        let section = ConfigurationSection(name, at: member.place, members: members, faults: faults)
        let names = section.texts("methods")
        section.reportUnknownKeys(.error)
        if names.isEmpty {
            faults.error(
                "\(name).methods must be configured", at: member.place,
                cure: "list methods, such as methods = [\"Entry/ListEntries\"]")
        }
        let methods = names.compactMap { OperatorMethod.named($0, of: name, faults) }
        do {
            allowed[try SPIFFEID(member.key), default: []].formUnion(methods)
        } catch {
            faults.error("\(name) is no SPIFFE ID: \(error)", at: member.place)
        }
    }
}
