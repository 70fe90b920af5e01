// SPDX-License-Identifier: Apache-2.0

/// Lets a number of tasks go on together, as soon as all are there.
actor Gate {
    private let size: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ size: Int) {
        self.size = size
    }

    func pass() async {
        guard waiting.count + 1 < size else {
            for continuation in waiting { continuation.resume() }
            waiting = []
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}
