// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ResourceCall {
    /// How long a watch lasts that names no time.
    private static let longestWatch: Duration = .seconds(3600)

    func watch() throws(APIStatus) -> APIResponse {
        let filter = try ObjectFilter(path, request.query, for: type)
        let wanted = request.query["resourceVersion"] ?? ""
        let sendsInitial = request.has("sendInitialEvents")
        guard let from = wanted.isEmpty ? 0 : UInt64(wanted) else {
            throw .badRequest("invalid resource version \(wanted.quoted)")
        }
        // Version 0 and none at all mean: what is there first, then what happens.
        guard from == 0 || sendsInitial else {
            return APIResponse(store.watch(type.resource, after: from).map { stream($0, filter) } ?? tooOld(filter))
        }
        let snapshot = store.snapshot(of: type.resource)
        guard let signals = store.watch(type.resource, after: snapshot.version) else {
            return APIResponse(tooOld(filter))
        }
        var answer = stream(signals, filter)
        answer.first = snapshot.objects.filter(filter.matches).map(answer.added)
        if sendsInitial { answer.first.append(answer.bookmark(snapshot.version, endsInitialEvents: true)) }
        return APIResponse(answer)
    }

    /// That a version is too old is said in the stream, as its only event.
    private func tooOld(_ filter: ObjectFilter) -> WatchStream {
        let (nothing, continuation) = AsyncStream<StoreSignal>.makeStream()
        continuation.finish()
        var answer = stream(nothing, filter)
        answer.first = [answer.failure(.expired(request.query["resourceVersion"] ?? ""))]
        return answer
    }

    private func stream(_ signals: AsyncStream<StoreSignal>, _ filter: ObjectFilter) -> WatchStream {
        let seconds = request.query["timeoutSeconds"].flatMap(Int.init) ?? 0
        return WatchStream(
            first: [], signals: signals, timeout: seconds > 0 ? .seconds(seconds) : Self.longestWatch, filter: filter,
            type: type, form: TableForm(request), hasBookmarks: request.has("allowWatchBookmarks"))
    }
}
