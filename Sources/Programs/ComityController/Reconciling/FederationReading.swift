// SPDX-License-Identifier: Apache-2.0

package import ComityResources
package import SPIFFE

/// What is declared of federation, and how well it could be read.
package struct FederationReading: Sendable {
    /// One ClusterFederatedTrustDomain.
    package struct Item: Sendable {
        package enum Content: Sendable {
            /// Another controller's; says why.
            case unselected(String)
            case refused(ResourceError)
            case usable(ClusterFederatedTrustDomain)
        }

        package var name: String
        /// As it was read.
        package var object: JSONValue
        package var content: Content

        package init(name: String, object: JSONValue, content: Content) {
            self.name = name
            self.object = object
            self.content = content
        }
    }

    package var items: [Item] = []
    /// Named by resources that cannot be used.
    package var unreadable: Set<TrustDomain> = []
    package var hasReadAll = true
    /// What is wrong besides the items.
    package var problems: [Problem] = []

    package init() {}

    package var resources: [ClusterFederatedTrustDomain] {
        items.compactMap { item in
            guard case .usable(let resource) = item.content else { return nil }
            return resource
        }
    }

    /// Takes in an object; what it declared stays as it is when it cannot be used.
    ///
    /// - Parameter ownTrustDomain: The server's.
    package mutating func take(
        _ object: JSONValue, name: String, _ rule: ClassRule, ownTrustDomain: TrustDomain
    ) {
        let className = object["spec"]?["className"]?.string ?? ""
        guard rule.selects(className) else {
            return items.append(Item(name: name, object: object, content: .unselected(rule.refusal(className))))
        }
        do throws(ResourceError) {
            let resource = try ClusterFederatedTrustDomain(json: object, ownTrustDomain: ownTrustDomain)
            items.append(Item(name: name, object: object, content: .usable(resource)))
        } catch {
            refuse(object, name: name, error)
        }
    }

    package mutating func refuse(_ object: JSONValue, name: String, _ error: ResourceError) {
        items.append(Item(name: name, object: object, content: .refused(error)))
        if let trustDomain = ClusterFederatedTrustDomain.trustDomain(of: object) {
            unreadable.insert(trustDomain)
        } else {
            // It may have been any.
            hasReadAll = false
        }
    }
}
