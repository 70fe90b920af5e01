// SPDX-License-Identifier: Apache-2.0

/// An object of a custom resource and what its definition says of it.
struct CustomResourceCase: Sendable {
    /// What the case is about, for the report of a failure.
    let name: String
    let kind: String
    /// In JSON.
    let spec: String
    /// What each refusal contains, in their order; none when the object is accepted.
    let refusals: [String]

    var json: String { #"{"kind": "\#(kind)", "spec": \#(spec)}"# }

    static func partner(_ name: String, _ spec: String, _ refusals: String...) -> CustomResourceCase {
        CustomResourceCase(name: name, kind: "ClusterFederatedTrustDomain", spec: "{\(spec)}", refusals: refusals)
    }

    static func pods(_ name: String, _ spec: String, _ refusals: String...) -> CustomResourceCase {
        CustomResourceCase(name: name, kind: "ClusterSPIFFEID", spec: "{\(spec)}", refusals: refusals)
    }

    static func entry(_ name: String, _ spec: String, _ refusals: String...) -> CustomResourceCase {
        CustomResourceCase(name: name, kind: "ClusterStaticEntry", spec: "{\(spec)}", refusals: refusals)
    }
}
