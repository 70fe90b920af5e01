// SPDX-License-Identifier: Apache-2.0

import CoreFoundation
import Glibc

/// The CPU time that a process has used, all threads, user and system, in nanoseconds' resolution.
struct CPUClock: Sendable {
    private let id: clockid_t

    /// Of this process.
    static let own = CPUClock(id: CLOCK_PROCESS_CPUTIME_ID)

    private init(id: clockid_t) {
        self.id = id
    }

    /// Of another process that runs.
    init(pid: pid_t) throws {
        var id: clockid_t = 0
        guard clock_getcpuclockid(pid, &id) == 0 else { throw BenchmarkError("process \(pid) has no CPU clock") }
        self.init(id: id)
    }

    /// In milliseconds.
    var milliseconds: Double {
        var time = timespec()
        clock_gettime(id, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
}
