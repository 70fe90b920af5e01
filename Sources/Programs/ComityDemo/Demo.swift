// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The demonstration: two trust domains on this machine that trust each other while their keys change.
///
/// Every part is a process of its own, made from the one executable and started from files that can be read afterwards.
package final class Demo: Service {
    private static let interrupted: Int32 = 130

    private let options: DemoOptions
    private let narrator = Narrator()
    private let exitCode = Mutex<Int32>(1)

    package init(options: DemoOptions) {
        self.options = options
    }

    /// Runs it from beginning to end; Ctrl-C ends it at any point and leaves nothing behind.
    ///
    /// - Returns: The exit code: 0 only if everything was shown.
    package func play() async throws -> Int32 {
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: self, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        try await ServiceGroup(configuration: configuration).run()
        return exitCode.withLock { $0 }
    }

    package func run() async throws {
        let folder = try DemoFolder()
        do {
            let isShown = try await cancelWhenGracefulShutdown { try await self.play(in: folder) }
            exitCode.withLock { $0 = isShown ? 0 : 1 }
            folder.removeSecrets()
            narrator.write("\nConfiguration and logs are in \(folder.path)\n")
        } catch is CancellationError {
            folder.remove()
            narrator.write("\nEverything is stopped and removed.\n")
            if exitCode.withLock({ $0 }) != 0 { exitCode.withLock { $0 = Self.interrupted } }
        } catch {
            folder.removeSecrets()
            narrator.write("\nFailed: \(error)\nConfiguration and logs are in \(folder.path)\n")
        }
    }

    /// - Returns: Whether everything was shown.
    private func play(in folder: DemoFolder) async throws -> Bool {
        let board = ReportBoard()
        let processes = RunningProcesses(executable: options.executable, board: board)
        let (launches, launcher) = AsyncStream<Launch>.makeStream()
        let play = try DemoPlay(
            executable: options.executable, folder: folder, narrator: narrator, board: board, processes: processes,
            launcher: launcher)
        return try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask {
                try await Self.supervise(launches, launcher, processes)
                return nil
            }
            group.addTask {
                let isShown = try await play.run()
                if self.options.keepsRunning {
                    self.exitCode.withLock { $0 = isShown ? 0 : 1 }
                    play.suggest()
                    try await Task.sleep(for: .seconds(24 * 60 * 60))
                }
                return isShown
            }
            defer { launcher.finish() }
            do {
                // The first to end is the play, or a process that should have run on.
                let isShown = try await group.next() ?? nil
                await processes.stop()
                return isShown ?? false
            } catch {
                await processes.stop()
                throw error
            }
        }
    }

    private static func supervise(
        _ launches: AsyncStream<Launch>, _ launcher: AsyncStream<Launch>.Continuation, _ processes: RunningProcesses
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for await launch in launches {
                group.addTask {
                    do {
                        try await processes.run(launch)
                    } catch {
                        // Without these two nobody would hear of it before all the others have ended.
                        launcher.finish()
                        await processes.stop()
                        throw error
                    }
                }
            }
        }
    }
}
