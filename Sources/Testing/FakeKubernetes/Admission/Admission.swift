// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// What an object goes through before it is stored.
struct Admission: Sendable {
    let type: APIType
    let options: WriteOptions
    /// Empty, or `status`.
    let subresource: String
    let time: String
    var warnings: [String] = []

    init(type: APIType, options: WriteOptions, subresource: String) {
        self.type = type
        self.options = options
        self.subresource = subresource
        time = Self.now
    }

    /// The present time as objects write it.
    static var now: String { Date().formatted(.iso8601) }

    /// An object that is to be created.
    ///
    /// - Parameter managed: who owns which fields, if that is known already.
    func new(_ object: JSONValue, namespace: String?, _ managed: ManagedFields?) throws(APIStatus) -> JSONValue {
        var value = named(object)
        guard value[at: "metadata", "resourceVersion"]?.string?.isEmpty ?? true else {
            throw .badRequest("resourceVersion should not be set on objects to be created")
        }
        for name in ["resourceVersion", "deletionTimestamp", "selfLink", "managedFields", "generation"] {
            value[at: "metadata", name] = nil
        }
        value[at: "metadata", "namespace"] = type.isNamespaced ? namespace.map { .string($0) } : nil
        value[at: "metadata", "uid"] = .string(UUID().uuidString.lowercased())
        value[at: "metadata", "creationTimestamp"] = .string(time)
        if type.hasGeneration { value[at: "metadata", "generation"] = 1 }
        if type.hasStatus { value[at: "status"] = nil }
        value = BuiltInDefaults.completed(normalized(value), type)
        value = type.schema?.defaulted(value) ?? value
        try check(value)
        var fields = managed ?? ManagedFields(nil)
        if managed == nil { fields.recordUpdate(by: updater, from: nil, to: value, type.mergeRules, at: time) }
        value[at: "metadata", "managedFields"] = fields.json
        return value
    }

    /// An object that takes the place of another; equal to that one when nothing changes.
    func changed(
        _ wanted: JSONValue, from present: JSONValue, _ managed: ManagedFields?
    ) throws(APIStatus) -> JSONValue {
        let name = present[at: "metadata", "name"]?.string ?? ""
        if let version = wanted[at: "metadata", "resourceVersion"]?.string, !version.isEmpty,
            version != present[at: "metadata", "resourceVersion"]?.string
        {
            throw .modified(type.resource, name)
        }
        if let uid = wanted[at: "metadata", "uid"]?.string, uid != present[at: "metadata", "uid"]?.string {
            throw .conflict(type.resource, name, "Precondition failed: UID in precondition: \(uid)")
        }
        var value = subresource == "status" ? present : wanted
        if type.hasStatus { value[at: "status"] = (subresource == "status" ? wanted : present)["status"] }
        for name in Self.identity { value[at: "metadata", name] = present[at: "metadata", name] }
        value = normalized(value)
        value = type.schema?.defaulted(value) ?? value
        try check(value)
        if type.hasGeneration, value.intent != present.intent {
            let generation = present[at: "metadata", "generation"]?.number?.signed ?? 0
            value[at: "metadata", "generation"] = .number(JSONNumber(generation + 1))
        }
        var fields = managed ?? ManagedFields(present)
        if managed == nil { fields.recordUpdate(by: updater, from: present, to: value, type.mergeRules, at: time) }
        value[at: "metadata", "managedFields"] = fields.json
        return value
    }

    /// The part of an applied object that its subresource is about.
    func relevant(_ applied: JSONValue) -> JSONValue {
        var value = applied
        if subresource == "status" {
            value = ["status": applied["status"] ?? [:]]
        } else if type.hasStatus {
            value[at: "status"] = nil
        }
        return value
    }

    /// What of the metadata is never changed by a writer.
    private static let identity = [
        "name", "generateName", "namespace", "uid", "creationTimestamp", "resourceVersion", "generation",
        "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields",
    ]

    private var updater: ManagedFields.Manager {
        ManagedFields.Manager(
            name: options.manager, operation: "Update", apiVersion: type.apiVersion, subresource: subresource)
    }

    private func named(_ object: JSONValue) -> JSONValue {
        guard object[at: "metadata", "name"]?.string?.isEmpty ?? true,
            let prefix = object[at: "metadata", "generateName"]?.string, !prefix.isEmpty
        else { return object }
        var object = object
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        let suffix = String((0..<5).compactMap { _ in letters.randomElement() })
        object[at: "metadata", "name"] = .string(prefix + suffix)
        return object
    }

    /// Empty lists and maps of the metadata are none.
    private func normalized(_ value: JSONValue) -> JSONValue {
        var value = value
        for name in ["finalizers", "labels", "annotations", "ownerReferences"] {
            let part = value[at: "metadata", name]
            if part == .null || part?.isEmptyContainer ?? false { value[at: "metadata", name] = nil }
        }
        return value
    }

    private func check(_ value: JSONValue) throws(APIStatus) {
        let faults = MetadataRules(type: type).faults(in: value) + (type.schema?.faults(in: value) ?? [])
        guard faults.isEmpty else { throw .invalid(type, value[at: "metadata", "name"]?.string ?? "", faults) }
    }
}

extension JSONValue {
    /// What is wished for: the object without its metadata and status.
    fileprivate var intent: JSONValue {
        var value = self
        value[at: "metadata"] = nil
        value[at: "status"] = nil
        return value
    }
}
