// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import SPIFFE

/// Whether the API has a type.
public enum TypePresence: Hashable, Sendable {
    /// It is there to stay.
    case whole
    /// Its definition is being deleted: its objects go one by one before it, although nobody asked for that.
    case terminating
    /// There is no such type, or no longer.
    case absent
}

extension KubernetesClient {
    /// Asks whether the API has a type; everybody who may ask anything may ask this.
    public func presence(of type: ResourceType) async throws(KubernetesError) -> TypePresence {
        let answer: JSONValue
        do throws(KubernetesError) {
            answer = try await send(APIRequest(.GET, path: type.groupPath))
        } catch {
            guard error.isNotFound else { throw error }
            return .absent
        }
        guard let resources = answer["resources"]?.array else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.answer, "\(type.groupPath) does not say what it has")
        }
        guard let resource = resources.first(where: { $0["name"]?.string == type.plural }) else { return .absent }
        // What is about to go can be read and deleted, and no longer be made.
        return resource["verbs"]?.array?.contains("create") == true ? .whole : .terminating
    }
}

extension ResourceType {
    /// Whether its definition is an object that may be deleted like any other.
    var isCustom: Bool { group.contains(".") && !group.hasSuffix(".k8s.io") }
}
