// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Runs tasks on an event loop: the one of the connections that they work for.
///
/// A call reads from its connection and writes to it several times, and changing threads each time costs more than most
/// calls themselves. So the calls of a Unix socket share one thread with its connections. What takes long or blocks belongs
/// on a thread of its own.
package final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    package init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
