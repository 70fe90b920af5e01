// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes

/// A custom resource that uses every part of a definition that ours use, in a group of one test.
struct Widget {
    let kubernetes: KubernetesFixture

    var group: String { "x\(kubernetes.suffix).comity.test" }
    var plural: String { "widgets.\(group)" }

    /// Installs the definition and waits until it is served.
    static func installed(in kubernetes: KubernetesFixture) async throws -> Widget {
        let widget = Widget(kubernetes: kubernetes)
        try await kubernetes.apply(widget.definition)
        try await kubernetes.kubectl(
            "wait", "--for", "condition=Established", "--timeout", "60s", "crd/\(widget.plural)"
        ).check()
        return widget
    }

    /// A manifest; the text is the members of the specification in YAML's flow style.
    func manifest(_ name: String, _ specification: String) -> String {
        """
        apiVersion: \(group)/v1
        kind: Widget
        metadata: {name: \(name), labels: {tier: "\(name)"}}
        spec: {\(specification)}
        """
    }

    func apply(_ name: String, _ specification: String) async throws {
        try await kubernetes.apply(manifest(name, specification))
    }

    /// One field of an object by a template of kubectl's.
    func field(_ path: String, of name: String) async throws -> String {
        try await kubernetes.kubectl(
            "get", plural, name, "-n", kubernetes.namespace, "-o", "jsonpath={\(path)}"
        ).check().output
    }

    func run(_ arguments: String..., input: String = "") async throws -> String {
        try await kubernetes.kubectl(arguments + ["-n", kubernetes.namespace], input: input).check().output
    }

    private var definition: String {
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: \(plural)}
        spec:
          group: \(group)
          scope: Namespaced
          names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget, shortNames: [wd]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns:
            - {name: Size, type: integer, jsonPath: .spec.size}
            - {name: Ready, type: string, priority: 1, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
            - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    description: What is wished for.
                    required: [size]
                    properties:
                      size: {type: integer, minimum: 1, maximum: 10}
                      mode: {type: string, enum: [plain, fancy], default: plain}
                      code: {type: string, pattern: '^[a-z]+$', minLength: 2, maxLength: 5}
                      since: {type: string, format: date-time}
                      port: {x-kubernetes-int-or-string: true}
                      note: {type: string, nullable: true}
                      free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      tags: {type: array, x-kubernetes-list-type: set, maxItems: 3, items: {type: string}}
                      parts:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items:
                          type: object
                          required: [name]
                          properties: {name: {type: string}, count: {type: integer}}
                  status:
                    type: object
                    properties:
                      seen: {type: integer}
                      conditions:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [type]
                        items:
                          type: object
                          required: [type, status]
                          properties: {type: {type: string}, status: {type: string}}
        """
    }
}
