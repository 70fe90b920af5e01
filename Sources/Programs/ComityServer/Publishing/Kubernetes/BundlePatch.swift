// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What is to be changed in an object so that it holds the X.509 authorities; `nil` when it does.
///
/// Each patch names the version that it was made from, so that it changes nothing else than what was read.
enum BundlePatch {
    static func configMap(_ object: JSONValue, key: String, pem: String) -> JSONValue? {
        guard object["data"]?[key]?.string != pem else { return nil }
        return patch(object, "data", .object([key: .string(pem)]))
    }

    /// Webhooks stand in a list, which is written as a whole, with all that is in it.
    static func webhooks(_ object: JSONValue, pem: String) -> JSONValue? {
        let webhooks = object["webhooks"]?.array ?? []
        let bundled = webhooks.map { webhook in
            webhook.setting("clientConfig", to: (webhook["clientConfig"] ?? [:]).setting("caBundle", to: caBundle(pem)))
        }
        guard bundled != webhooks else { return nil }
        return patch(object, "webhooks", .array(bundled))
    }

    static func apiService(_ object: JSONValue, pem: String) -> JSONValue? {
        guard object["spec"]?["caBundle"] != caBundle(pem) else { return nil }
        return patch(object, "spec", ["caBundle": caBundle(pem)])
    }

    private static func caBundle(_ pem: String) -> JSONValue { .string(Base64.standard.encode(Array(pem.utf8))) }

    private static func patch(_ object: JSONValue, _ name: String, _ value: JSONValue) -> JSONValue {
        let version = object["metadata"]?["resourceVersion"] ?? .null
        return .object(["metadata": ["resourceVersion": version], name: value])
    }
}

extension JSONValue {
    fileprivate func setting(_ name: String, to value: JSONValue) -> JSONValue {
        var object = object ?? JSONObject()
        object[name] = value
        return .object(object)
    }
}
