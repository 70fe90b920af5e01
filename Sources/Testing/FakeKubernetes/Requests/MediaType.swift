// SPDX-License-Identifier: Apache-2.0

/// A media type with its parameters, such as `application/json;as=Table;g=meta.k8s.io;v=v1`.
struct MediaType: Sendable {
    let name: String
    let parameters: [String: String]

    init(_ text: String) {
        let parts = text.split(separator: ";").map { part in
            String(part.drop { $0 == " " }.prefix { $0 != " " })
        }
        name = parts.first ?? ""
        parameters = Dictionary(
            parts.dropFirst().map { part in
                let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
                return (halves[0], halves.count > 1 ? halves[1] : "")
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether it asks for JSON of a certain form.
    func asks(for form: String, group: String) -> Bool {
        name == "application/json" && parameters["as"] == form && parameters["g"] == group
    }
}
