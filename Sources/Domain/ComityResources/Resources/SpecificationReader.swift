// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import SPIFFE

/// Reads the fields of a custom resource's specification, with the field's path in every refusal.
struct SpecificationReader {
    private let object: JSONObject
    private let path: String

    init(_ json: JSONValue) throws(ResourceError) {
        guard let spec = json["spec"] else { throw .invalid("spec", "is missing") }
        try self.init(spec, at: "spec")
    }

    /// - Parameter path: Of the object whose fields are read.
    init(_ json: JSONValue, at path: String) throws(ResourceError) {
        guard let object = json.object else { throw .invalid(path, "must have fields") }
        self.object = object
        self.path = path
    }

    /// Says which fields are not known.
    func warnings(besides names: Set<String>) -> [String] {
        object.names.filter { !names.contains($0) }.prefix(8).map {
            "\(path): field \($0.quoted) is not known and has no effect"
        }
    }

    subscript(name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    /// Empty when it is left out.
    func text(_ name: String) throws(ResourceError) -> String {
        guard let value = self[name] else { return "" }
        guard let text = value.string else { throw .invalid("\(path).\(name)", "must be text") }
        return text
    }

    /// Takes another spelling too, with a warning; both may be there if they say the same.
    func text(_ name: String, alias: String, _ warnings: inout [String]) throws(ResourceError) -> String {
        let (text, other) = (try text(name), try text(alias))
        guard !other.isEmpty else { return text }
        guard text.isEmpty || text == other else {
            throw .invalid(path, "has \(name) and \(alias), which differ: only \(name) is needed")
        }
        warnings.append("\(path).\(alias) should be \(name)")
        return other
    }

    func requiredText(_ name: String) throws(ResourceError) -> String {
        let text = try text(name)
        guard !text.isEmpty else { throw .invalid("\(path).\(name)", "must not be empty") }
        return text
    }

    func flag(_ name: String) throws(ResourceError) -> Bool {
        guard let value = self[name] else { return false }
        guard let flag = value.bool else { throw .invalid("\(path).\(name)", "must be true or false") }
        return flag
    }

    func texts(_ name: String) throws(ResourceError) -> [String] {
        guard let value = self[name] else { return [] }
        guard let items = value.array else { throw .invalid("\(path).\(name)", "must be a list") }
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            guard let text = item.string else { throw .invalid("\(path).\(name)[\(index)]", "must be text") }
            texts.append(text)
        }
        return texts
    }

    /// Whole seconds; 0 when it is left out.
    func seconds(_ name: String) throws(ResourceError) -> Int32 {
        try seconds(try text(name), name)
    }

    /// Takes another spelling too, with a warning.
    func seconds(_ name: String, alias: String, _ warnings: inout [String]) throws(ResourceError) -> Int32 {
        try seconds(try text(name, alias: alias, &warnings), name)
    }

    private func seconds(_ text: String, _ name: String) throws(ResourceError) -> Int32 {
        guard !text.isEmpty else { return 0 }
        let seconds: Int64
        do throws(GoDuration.Failure) {
            seconds = try GoDuration.parse(text).components.seconds
        } catch {
            throw .invalid("\(path).\(name)", "is no duration such as 1h30m: \(error)")
        }
        guard (0...Int64(Int32.max)).contains(seconds) else {
            throw .invalid("\(path).\(name)", "is no duration from 0s to \(Int32.max)s")
        }
        return Int32(seconds)
    }

    /// Names of trust domains; a SPIFFE ID stands for its trust domain, its path is passed over.
    func trustDomains(_ name: String) throws(ResourceError) -> Set<TrustDomain> {
        var domains: Set<TrustDomain> = []
        for (index, text) in try texts(name).enumerated() {
            do throws(SPIFFEError) {
                domains.insert(try Self.trustDomain(text))
            } catch {
                throw .invalid("\(path).\(name)[\(index)]", "\(error)")
            }
        }
        return domains
    }

    static func trustDomain(_ text: String) throws(SPIFFEError) -> TrustDomain {
        if text.hasPrefix("spiffe://"), text.dropFirst(9).contains("/") { return try SPIFFEID(text).trustDomain }
        return try TrustDomain(nameOrID: text)
    }
}
