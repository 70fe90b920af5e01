// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ResourceCall {
    func get() throws(APIStatus) -> APIResponse {
        let object = try storedObject()
        guard let form = TableForm(request) else { return APIResponse(bytes: object.bytes) }
        let table = TableRenderer(type: type, form: form)
        return APIResponse(table.table(of: [object], metadata: ["resourceVersion": .string("\(object.version)")]))
    }

    func list() throws(APIStatus) -> APIResponse {
        let filter = try ObjectFilter(path, request.query, for: type)
        let (snapshot, start) = try snapshotAndStart()
        var page: [StoredObject] = []
        let limit = request.query["limit"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } ?? .max
        var position = start
        while position < snapshot.objects.count, page.count < limit {
            if filter.matches(snapshot.objects[position]) { page.append(snapshot.objects[position]) }
            position += 1
        }
        var metadata: JSONValue = ["resourceVersion": .string("\(snapshot.version)")]
        let rest = snapshot.objects[position...]
        if rest.contains(where: filter.matches) {
            metadata[at: "continue"] = .string(ContinueToken(version: snapshot.version, position: position).text)
            if path.namespace == nil, request.query["labelSelector"] == nil, request.query["fieldSelector"] == nil {
                metadata[at: "remainingItemCount"] = .number(JSONNumber(rest.count))
            }
        }
        if let form = TableForm(request) {
            return APIResponse(TableRenderer(type: type, form: form).table(of: page, metadata: metadata))
        }
        return APIResponse(bytes: listBytes(page, metadata))
    }

    private func snapshotAndStart() throws(APIStatus) -> (ListSnapshot, Int) {
        guard let text = request.query["continue"], !text.isEmpty else {
            if let stale = server.misbehaviour.staleSnapshot(of: type.resource) { return (stale, 0) }
            return (store.snapshot(of: type.resource), 0)
        }
        guard let token = ContinueToken(text) else { throw .badRequest("continue key is not valid") }
        guard let snapshot = store.snapshot(of: type.resource, at: token.version) else {
            throw APIStatus(
                410, "Expired",
                "The provided continue parameter is too old to display a consistent list result. "
                    + "You must start a new list without the continue parameter.")
        }
        return (snapshot, min(token.position, snapshot.objects.count))
    }

    /// The texts of the objects are put together as they lie in the store.
    private func listBytes(_ objects: [StoredObject], _ metadata: JSONValue) -> [UInt8] {
        let head = #"{"kind":"\#(type.kind)List","apiVersion":"\#(type.apiVersion)","metadata":\#(metadata),"items":["#
        var bytes = Array(head.utf8)
        bytes.reserveCapacity(bytes.count + objects.reduce(2) { $0 + $1.bytes.count + 1 })
        for (index, object) in objects.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += object.bytes
        }
        bytes += "]}".utf8
        return bytes
    }
}
