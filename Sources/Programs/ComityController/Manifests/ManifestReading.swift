// SPDX-License-Identifier: Apache-2.0

import ComityResources
import SPIFFE

/// What the manifests of a folder declare, object by object, so that a bad one costs only itself.
struct ManifestReading: Sendable {
    struct Problem: Hashable, Sendable {
        /// Empty when the problem is of no object of a known kind.
        var kind: String
        /// The object's, or the file's where it has none.
        var name: String
        var file: String
        var reason: String
    }

    var staticEntries: [ClusterStaticEntry] = []
    var federatedTrustDomains: [ClusterFederatedTrustDomain] = []
    var problems: [Problem] = []
    /// Named by objects that cannot be used.
    var unreadableTrustDomains: Set<TrustDomain> = []
    /// Every file was read, so that what is not declared is undeclared.
    var hasReadAll = true
    /// A ClusterStaticEntry cannot be used.
    var hasUnreadableEntries = false
    /// Of another class.
    var unselected: [Problem] = []
    var passedOver: [String] = []

    private static let apiVersion = ControllerConfiguration.apiVersion

    init(_ content: ManifestFolder.Content, _ rule: ClassRule) {
        passedOver = content.passedOver
        var seen: Set<String> = []
        for item in content.items {
            switch item.content {
            case .failure(let error):
                hasReadAll = false
                problems.append(Problem(kind: "", name: item.file, file: item.file, reason: error.message))
            case .success(let object): take(object, item.file, rule, &seen)
            }
        }
    }

    private mutating func take(_ object: JSONValue, _ file: String, _ rule: ClassRule, _ seen: inout Set<String>) {
        let kind = object["kind"]?.string ?? ""
        guard object["apiVersion"]?.string == Self.apiVersion,
            [ClusterStaticEntry.kind, ClusterFederatedTrustDomain.kind, ClusterSPIFFEID.kind].contains(kind)
        else { return }
        let name = object["metadata"]?["name"]?.string ?? ""
        var problem = Problem(kind: kind, name: name.isEmpty ? file : name, file: file, reason: "")
        guard kind != ClusterSPIFFEID.kind else {
            problem.reason = "is passed over: a ClusterSPIFFEID selects pods, and with staticManifestPath there are none"
            return problems.append(problem)
        }
        let className = object["spec"]?["className"]?.string ?? ""
        guard rule.selects(className) else {
            problem.reason = rule.refusal(className)
            return unselected.append(problem)
        }
        do throws(ResourceError) {
            guard seen.insert("\(kind)/\(name)").inserted else {
                throw ResourceError(.invalid, "metadata.name is that of another \(kind) in the folder")
            }
            if kind == ClusterStaticEntry.kind {
                staticEntries.append(try ClusterStaticEntry(json: object))
            } else {
                federatedTrustDomains.append(try ClusterFederatedTrustDomain(json: object))
            }
        } catch {
            problem.reason = error.message
            problems.append(problem)
            distrust(kind, object)
        }
    }

    /// What the object would have declared stays as it is.
    private mutating func distrust(_ kind: String, _ object: JSONValue) {
        guard kind == ClusterFederatedTrustDomain.kind else {
            hasUnreadableEntries = true
            return
        }
        let text = object["spec"]?["trustDomain"]?.string ?? ""
        if let trustDomain = try? TrustDomain(nameOrID: text) {
            unreadableTrustDomains.insert(trustDomain)
        } else {
            // It may have been any.
            hasReadAll = false
        }
    }
}
