// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import SPIFFE

/// Reads the fields of a custom resource's specification, with the field's path in every refusal.
struct SpecificationReader {
    private let object: JSONObject

    init(_ json: JSONValue) throws(ResourceError) {
        guard let object = json["spec"]?.object else { throw .invalid("spec", "is missing") }
        self.object = object
    }

    subscript(name: String) -> JSONValue? {
        object[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// Empty when it is left out.
    func text(_ name: String) throws(ResourceError) -> String {
        guard let value = self[name] else { return "" }
        guard let text = value.string else { throw .invalid("spec.\(name)", "must be text") }
        return text
    }

    func requiredText(_ name: String) throws(ResourceError) -> String {
        let text = try text(name)
        guard !text.isEmpty else { throw .invalid("spec.\(name)", "must not be empty") }
        return text
    }

    func flag(_ name: String) throws(ResourceError) -> Bool {
        guard let value = self[name] else { return false }
        guard let flag = value.bool else { throw .invalid("spec.\(name)", "must be true or false") }
        return flag
    }

    func texts(_ name: String) throws(ResourceError) -> [String] {
        guard let value = self[name] else { return [] }
        guard let items = value.array else { throw .invalid("spec.\(name)", "must be a list") }
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            guard let text = item.string else { throw .invalid("spec.\(name)[\(index)]", "must be text") }
            texts.append(text)
        }
        return texts
    }

    /// Whole seconds; 0 when it is left out.
    func seconds(_ name: String) throws(ResourceError) -> Int32 {
        let text = try text(name)
        guard !text.isEmpty else { return 0 }
        let seconds: Int64
        do throws(GoDuration.Failure) {
            seconds = try GoDuration.parse(text).components.seconds
        } catch {
            throw .invalid("spec.\(name)", "is no duration such as 1h30m: \(error)")
        }
        guard (0...Int64(Int32.max)).contains(seconds) else {
            throw .invalid("spec.\(name)", "is no duration from 0s to \(Int32.max)s")
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
                throw .invalid("spec.\(name)[\(index)]", "\(error)")
            }
        }
        return domains
    }

    static func trustDomain(_ text: String) throws(SPIFFEError) -> TrustDomain {
        if text.hasPrefix("spiffe://"), text.dropFirst(9).contains("/") { return try SPIFFEID(text).trustDomain }
        return try TrustDomain(nameOrID: text)
    }
}
