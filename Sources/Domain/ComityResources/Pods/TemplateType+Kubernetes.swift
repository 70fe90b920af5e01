// SPDX-License-Identifier: Apache-2.0

package import ComityTemplates

/// The structures of Kubernetes that templates of custom resources see, by their Go names.
extension TemplateType {
    package static let objectMeta = TemplateType(
        "v1.ObjectMeta",
        [
            "name": .string, "generateName": .string, "namespace": .string, "selfLink": .string, "uid": .string,
            "resourceVersion": .string, "generation": .integer, "creationTimestamp": .string,
            "deletionTimestamp": .optional(.string), "deletionGracePeriodSeconds": .optional(.integer),
            "labels": .map, "annotations": .map, "ownerReferences": .list(.record(ownerReference)),
            "finalizers": .list(.string),
        ], goNames: ["uid": "UID"], hasGetters: true)

    package static let podSpec = TemplateType(
        "v1.PodSpec",
        [
            "volumes": .list(.record(volume)), "initContainers": .list(.record(container)),
            "containers": .list(.record(container)), "restartPolicy": .string,
            "terminationGracePeriodSeconds": .optional(.integer), "activeDeadlineSeconds": .optional(.integer),
            "dnsPolicy": .string, "nodeSelector": .map, "serviceAccountName": .string, "serviceAccount": .string,
            "automountServiceAccountToken": .optional(.bool), "nodeName": .string, "hostNetwork": .bool,
            "hostPID": .bool, "hostIPC": .bool, "shareProcessNamespace": .optional(.bool),
            "imagePullSecrets": .list(.record(localObjectReference)), "hostname": .string, "subdomain": .string,
            "schedulerName": .string, "tolerations": .list(.record(toleration)),
            "hostAliases": .list(.record(hostAlias)), "priorityClassName": .string, "priority": .optional(.integer),
            "runtimeClassName": .optional(.string), "enableServiceLinks": .optional(.bool),
            "preemptionPolicy": .optional(.string), "setHostnameAsFQDN": .optional(.bool),
            "hostUsers": .optional(.bool), "overhead": .map,
        ], goNames: ["dnsPolicy": "DNSPolicy", "serviceAccount": "DeprecatedServiceAccount"])

    package static let nodeSpec = TemplateType(
        "v1.NodeSpec",
        [
            "podCIDR": .string, "podCIDRs": .list(.string), "providerID": .string, "unschedulable": .bool,
            "taints": .list(.record(taint)), "externalID": .string,
        ], goNames: ["externalID": "DoNotUseExternalID"])

    private static let ownerReference = TemplateType(
        "v1.OwnerReference",
        [
            "apiVersion": .string, "kind": .string, "name": .string, "uid": .string, "controller": .optional(.bool),
            "blockOwnerDeletion": .optional(.bool),
        ], goNames: ["apiVersion": "APIVersion", "uid": "UID"])

    private static let container = TemplateType(
        "v1.Container",
        [
            "name": .string, "image": .string, "command": .list(.string), "args": .list(.string),
            "workingDir": .string, "ports": .list(.record(containerPort)), "env": .list(.record(environmentVariable)),
            "volumeMounts": .list(.record(volumeMount)), "restartPolicy": .optional(.string),
            "terminationMessagePath": .string, "terminationMessagePolicy": .string, "imagePullPolicy": .string,
            "stdin": .bool, "stdinOnce": .bool, "tty": .bool,
        ], goNames: ["tty": "TTY"])

    private static let containerPort = TemplateType(
        "v1.ContainerPort",
        ["name": .string, "hostPort": .integer, "containerPort": .integer, "protocol": .string, "hostIP": .string])

    private static let environmentVariable = TemplateType("v1.EnvVar", ["name": .string, "value": .string])

    private static let volumeMount = TemplateType(
        "v1.VolumeMount",
        [
            "name": .string, "readOnly": .bool, "mountPath": .string, "subPath": .string, "subPathExpr": .string,
        ])

    private static let volume = TemplateType("v1.Volume", ["name": .string])

    private static let localObjectReference = TemplateType("v1.LocalObjectReference", ["name": .string])

    private static let hostAlias = TemplateType(
        "v1.HostAlias", ["ip": .string, "hostnames": .list(.string)], goNames: ["ip": "IP"])

    private static let toleration = TemplateType(
        "v1.Toleration",
        [
            "key": .string, "operator": .string, "value": .string, "effect": .string,
            "tolerationSeconds": .optional(.integer),
        ])

    private static let taint = TemplateType("v1.Taint", ["key": .string, "value": .string, "effect": .string])
}
