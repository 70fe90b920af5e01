// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import SPIFFE

extension KubernetesClient {
    /// Reads all objects of a type, page by page; from the beginning when a page has become too old meanwhile.
    ///
    /// - Parameter namespace: `nil` reads all namespaces.
    /// - Throws: ``KubernetesError``; status 404 when the API does not have the type.
    public func list(
        _ type: ResourceType, namespace: String? = nil, _ selection: ObjectSelection = .all
    ) async throws(KubernetesError) -> ObjectList {
        var items: [JSONValue] = []
        let resourceVersion = try await pages(type, namespace: namespace, selection) { page in
            if let page { items += page } else { items = [] }
        }
        return ObjectList(items: items, resourceVersion: resourceVersion)
    }

    /// Reads page by page.
    ///
    /// - Parameter body: Gets the objects of one page; `nil` when all that came so far does not count.
    /// - Returns: The resource version of the list.
    func pages(
        _ type: ResourceType, namespace: String?, _ selection: ObjectSelection, _ body: ([JSONValue]?) -> Void
    ) async throws(KubernetesError) -> String {
        var restarts = 0
        var pageSize = limits.pageSize
        var next = ""
        var count = 0
        while true {
            let answer: JSONValue
            do throws(KubernetesError) {
                var query = selection.query + [QueryItem("limit", "\(pageSize)")]
                if !next.isEmpty { query.append(QueryItem("continue", next)) }
                answer = try await send(try APIRequest(.GET, type, namespace: namespace, query: query))
            } catch {
                if error.isExpired, !next.isEmpty, restarts < Self.maximumRestarts {
                    (next, count, restarts) = ("", 0, restarts + 1)
                    body(nil)
                } else if error.reason == KubernetesError.Reason.tooLarge, pageSize > 1 {
                    pageSize = max(1, pageSize / 8)
                } else {
                    throw error
                }
                continue
            }
            let page = try items(of: answer, type)
            count += page.count
            guard count <= limits.listedObjects else {
                throw KubernetesError(
                    status: nil, reason: KubernetesError.Reason.tooLarge,
                    "there are more than \(limits.listedObjects) \(type.plural)")
            }
            body(page)
            next = answer["metadata"]?["continue"]?.string ?? ""
            if next.isEmpty { return answer["metadata"]?["resourceVersion"]?.string ?? "" }
        }
    }

    /// How often a list begins anew because its pages have become too old.
    private static var maximumRestarts: Int { 3 }

    private func items(of answer: JSONValue, _ type: ResourceType) throws(KubernetesError) -> [JSONValue] {
        // An empty list of a Go program may be null; an answer without the member is something else altogether.
        guard let items = answer["items"], answer["metadata"]?.object != nil else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.answer, "the list of \(type.plural) has no items")
        }
        if items == .null { return [] }
        guard let items = items.array else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.answer, "the items of \(type.plural) are no list")
        }
        return items.map { type.named($0) }
    }
}
