// SPDX-License-Identifier: Apache-2.0

/// The types that the API serves without a CustomResourceDefinition: stored as they come, no controller works on them.
enum BuiltInTypes {
    static let all: [APIType] = core + workloads + access + others

    private static let core: [APIType] = [
        type("Pod", "po", status: true, columns: BuiltInColumns.pods, fields: podFields),
        type(
            "Node", "no", namespaced: false, status: true, columns: BuiltInColumns.nodes, fields: ["spec.unschedulable"]
        ),
        type(
            "Namespace", "ns", namespaced: false, status: true, columns: BuiltInColumns.namespaces,
            fields: ["status.phase"]),
        type(
            "Service", "svc", status: true, columns: BuiltInColumns.services, fields: ["spec.clusterIP", "spec.type"]),
        type("ConfigMap", "cm", columns: BuiltInColumns.configMaps),
        type("Secret", columns: BuiltInColumns.secrets, fields: ["type"]),
        type("ServiceAccount", "sa", columns: BuiltInColumns.serviceAccounts),
        type("Endpoints", "ep", plural: "endpoints"),
        type("Event", "ev", columns: BuiltInColumns.events, fields: eventFields),
        type("PersistentVolumeClaim", "pvc", status: true),
        type("LimitRange", "limits"),
        type("ResourceQuota", "quota", status: true),
    ]

    private static let workloads: [APIType] = [
        type("Deployment", "deploy", group: "apps", status: true, generation: true),
        type("ReplicaSet", "rs", group: "apps", status: true, generation: true),
        type("StatefulSet", "sts", group: "apps", status: true, generation: true),
        type("DaemonSet", "ds", group: "apps", status: true, generation: true),
        type("Job", group: "batch", status: true, generation: true),
        type("CronJob", "cj", group: "batch", status: true, generation: true),
        type("PodDisruptionBudget", "pdb", group: "policy", status: true, generation: true),
        type("HorizontalPodAutoscaler", "hpa", group: "autoscaling", version: "v2", status: true),
    ]

    private static let access: [APIType] = [
        type("Role", group: rbac), type("RoleBinding", group: rbac),
        type("ClusterRole", group: rbac, namespaced: false), type("ClusterRoleBinding", group: rbac, namespaced: false),
        type("TokenReview", group: "authentication.k8s.io", namespaced: false),
        type("SubjectAccessReview", group: "authorization.k8s.io", namespaced: false),
        type("SelfSubjectAccessReview", group: "authorization.k8s.io", namespaced: false),
    ]

    private static let others: [APIType] = [
        type("Lease", group: "coordination.k8s.io", columns: BuiltInColumns.leases),
        type("EndpointSlice", group: "discovery.k8s.io"),
        type(
            "CustomResourceDefinition", "crd", "crds", group: "apiextensions.k8s.io", namespaced: false, status: true,
            generation: true, columns: BuiltInColumns.definitions),
        type(
            "ValidatingWebhookConfiguration", group: "admissionregistration.k8s.io", namespaced: false,
            generation: true),
        type(
            "MutatingWebhookConfiguration", group: "admissionregistration.k8s.io", namespaced: false, generation: true),
        type("APIService", group: "apiregistration.k8s.io", namespaced: false, status: true),
        type("CSIDriver", group: "storage.k8s.io", namespaced: false),
        type("StorageClass", "sc", plural: "storageclasses", group: "storage.k8s.io", namespaced: false),
        type("Ingress", "ing", plural: "ingresses", group: "networking.k8s.io", status: true, generation: true),
        type("NetworkPolicy", "netpol", plural: "networkpolicies", group: "networking.k8s.io", generation: true),
        type("PriorityClass", "pc", plural: "priorityclasses", group: "scheduling.k8s.io", namespaced: false),
        type("Route", group: "route.openshift.io", status: true),
        type(
            "SecurityContextConstraints", "scc", plural: "securitycontextconstraints",
            group: "security.openshift.io", namespaced: false),
    ]

    private static let rbac = "rbac.authorization.k8s.io"

    /// What `kubectl get all` means.
    private static let inAll: Set = [
        "Pod", "Service", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob",
        "HorizontalPodAutoscaler",
    ]

    private static let podFields = [
        "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
        "status.phase", "status.podIP", "status.nominatedNodeName",
    ]

    private static let eventFields = [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
        "reportingComponent", "source", "type",
    ]

    private static func type(
        _ kind: String, _ shortNames: String..., plural: String? = nil, group: String = "", version: String = "v1",
        namespaced: Bool = true, status: Bool = false, generation: Bool = false,
        columns: [TableColumn] = TableColumn.age, fields: [String] = []
    ) -> APIType {
        var type = APIType(
            group: group, version: version, kind: kind, plural: plural ?? "\(kind.lowercased())s",
            isNamespaced: namespaced)
        type.shortNames = shortNames
        if inAll.contains(kind) { type.categories = ["all"] }
        type.hasStatus = status
        type.hasGeneration = generation
        type.columns = columns
        type.selectableFields.formUnion(fields)
        return type
    }
}
