// SPDX-License-Identifier: Apache-2.0

import ComityResources
import SPIFFE

/// What the manifests of a folder declare, object by object, so that a bad one costs only itself.
struct ManifestReading: Sendable {
    struct Problem: Hashable, Sendable {
        /// The object's kind and name; empty when there is none of a kind that is known.
        var object: String
        var file: String
        var reason: String
    }

    var staticEntries: [ClusterStaticEntry] = []
    var federation = FederationReading()
    /// Of files.
    var problems: [Problem] = []
    /// Of ClusterStaticEntries.
    var unusableEntries: [Problem] = []
    /// ClusterStaticEntries of another class.
    var unselectedEntries: [Problem] = []
    /// Every file was read, so that what is not declared is undeclared.
    var hasReadAll = true
    /// Files that look like manifests and are not read.
    var passedOver: [String] = []

    private let rule: ClassRule
    private let trustDomain: TrustDomain
    private var names: Set<String> = []

    /// - Parameter trustDomain: The server's.
    init(_ content: ManifestFolder.Content, _ rule: ClassRule, of trustDomain: TrustDomain) {
        self.rule = rule
        self.trustDomain = trustDomain
        passedOver = content.passedOver
        for item in content.items {
            switch item.content {
            case .failure(let error):
                hasReadAll = false
                problems.append(Problem(object: "", file: item.file, reason: error.message))
            case .success(let object): take(object, item.file)
            }
        }
    }

    private mutating func take(_ object: JSONValue, _ file: String) {
        guard object["apiVersion"]?.string == ControllerConfiguration.apiVersion else { return }
        let (kind, name) = (object["kind"]?.string ?? "", object["metadata"]?["name"]?.string ?? "")
        var problem = Problem(object: "\(kind)/\(name)", file: file, reason: "")
        switch kind {
        case ClusterStaticEntry.kind: takeEntry(object, problem)
        case ClusterFederatedTrustDomain.kind: takeFederation(object, name)
        case ClusterSPIFFEID.kind:
            problem.reason = "it selects pods, and with staticManifestPath there are none"
            problems.append(problem)
        default: break
        }
    }

    private mutating func takeEntry(_ object: JSONValue, _ place: Problem) {
        var problem = place
        let className = object["spec"]?["className"]?.string ?? ""
        guard rule.selects(className) else {
            problem.reason = rule.refusal(className)
            return unselectedEntries.append(problem)
        }
        do throws(ResourceError) {
            try checkIsAlone(place.object)
            staticEntries.append(try ClusterStaticEntry(json: object))
        } catch {
            problem.reason = error.message
            unusableEntries.append(problem)
        }
    }

    private mutating func takeFederation(_ object: JSONValue, _ name: String) {
        do throws(ResourceError) {
            try checkIsAlone("\(ClusterFederatedTrustDomain.kind)/\(name)")
            if let source = object["spec"]?["trustDomainBundleFrom"], source != .null {
                throw ResourceError(
                    .invalid, "spec.trustDomainBundleFrom needs a cluster: write the bundle into spec.trustDomainBundle"
                )
            }
            federation.take(object, name: name, rule, ownTrustDomain: trustDomain)
        } catch {
            federation.refuse(object, name: name, error)
        }
    }

    private mutating func checkIsAlone(_ object: String) throws(ResourceError) {
        guard names.insert(object).inserted else {
            throw ResourceError(.invalid, "metadata.name is that of another one in the folder")
        }
    }
}
