// SPDX-License-Identifier: Apache-2.0

import ComityResources
import SPIFFE

/// A custom resource as it was read.
struct ReadResource<Resource: Sendable>: Sendable {
    enum Content: Sendable {
        /// Another controller's; says why.
        case unselected(String)
        case refused(ResourceError)
        case usable(Resource)
    }

    var object: JSONValue
    var content: Content

    var resource: Resource? {
        guard case .usable(let resource) = content else { return nil }
        return resource
    }

    var isRefused: Bool {
        guard case .refused = content else { return false }
        return true
    }

    init(
        _ object: JSONValue, _ rule: ClassRule, _ read: (JSONValue) throws(ResourceError) -> Resource
    ) {
        self.object = object
        let className = object["spec"]?["className"]?.string ?? ""
        guard rule.selects(className) else {
            content = .unselected(rule.refusal(className))
            return
        }
        do throws(ResourceError) {
            content = .usable(try read(object))
        } catch {
            content = .refused(error)
        }
    }

    /// Whether an object says the same as this one, but for its status.
    func isSame(as object: JSONValue) -> Bool {
        let (old, new) = (self.object["metadata"], object["metadata"])
        guard let generation = new?["generation"], generation != .null else { return false }
        return old?["generation"] == generation && old?["uid"] == new?["uid"]
            && old?["annotations"] == new?["annotations"]
            && old?["deletionTimestamp"] == new?["deletionTimestamp"]
    }
}
