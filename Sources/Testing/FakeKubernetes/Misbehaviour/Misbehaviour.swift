// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a cluster does wrong on request, until told to behave again.
package final class Misbehaviour: Sendable {
    private struct Switches {
        var refusals: [Refusal] = []
        var delay: Duration = .zero
        var forgetsCustomTypes = false
        var stale: [GroupResource: ListSnapshot] = [:]
    }

    private let switches = Mutex(Switches())

    /// Answers the requests that a refusal is about with its status.
    package func refuse(_ refusal: Refusal) {
        switches.withLock { $0.refusals.append(refusal) }
    }

    /// Waits this long before each answer.
    package func delay(_ duration: Duration) {
        switches.withLock { $0.delay = duration }
    }

    /// Serves no custom resources, as if their definitions had been removed; the objects stay.
    package func forgetCustomTypes() {
        switches.withLock { $0.forgetsCustomTypes = true }
    }

    /// Ends all misbehaviour.
    package func behave() {
        switches.withLock { $0 = Switches() }
    }

    var forgetsCustomTypes: Bool { switches.withLock { $0.forgetsCustomTypes } }
    var delay: Duration { switches.withLock { $0.delay } }

    func serveStaleLists(_ snapshots: [ListSnapshot]) {
        switches.withLock { switches in
            for snapshot in snapshots { switches.stale[snapshot.resource] = snapshot }
        }
    }

    func staleSnapshot(of resource: GroupResource) -> ListSnapshot? {
        switches.withLock { $0.stale[resource] }
    }

    /// The refusal for a request, counted as given.
    func refusal(of request: APIRequest) -> APIStatus? {
        switches.withLock { switches in
            let path = "/" + request.path.joined(separator: "/")
            let isWatch = request.has("watch")
            guard let index = switches.refusals.firstIndex(where: { $0.isAbout(request.method, path, isWatch) }) else {
                return nil
            }
            let status = switches.refusals[index].apiStatus
            switches.refusals[index].times -= 1
            if switches.refusals[index].times == 0 { switches.refusals.remove(at: index) }
            return status
        }
    }
}
