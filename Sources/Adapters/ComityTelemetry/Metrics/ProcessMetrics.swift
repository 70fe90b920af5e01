// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// What every process tells Prometheus of itself, by the names that its client libraries share.
enum ProcessMetrics {
    /// What the kernel cannot be asked of is left out.
    static func families() -> [MetricFamily] {
        var families = descriptors()
        guard let stat = text(of: "/proc/self/stat"), let fields = fields(ofStat: stat) else { return families }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        families += [
            gauge("virtual_memory_bytes", "virtual memory", fields.virtualBytes),
            gauge("resident_memory_bytes", "memory that is in use", fields.residentPages * Double(getpagesize())),
            MetricFamily(
                "process_cpu_seconds_total", .counter, help: "time spent by the processor",
                [.init(fields.processorTicks / ticks)]),
        ]
        if let boot = bootTime() {
            families.append(
                gauge("start_time_seconds", "when the process began, since 1970", boot + fields.startTicks / ticks))
        }
        return families.sorted { $0.name < $1.name }
    }

    struct StatFields: Hashable {
        var processorTicks: Double
        var startTicks: Double
        var virtualBytes: Double
        var residentPages: Double
    }

    /// The name of the program may hold anything, so the fields are counted from its end.
    static func fields(ofStat stat: String) -> StatFields? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[end...].split(separator: " ").dropFirst().map { Double($0) }
        guard fields.count > 21, let user = fields[11], let system = fields[12], let start = fields[19],
            let virtual = fields[20], let resident = fields[21]
        else { return nil }
        return StatFields(
            processorTicks: user + system, startTicks: start, virtualBytes: virtual, residentPages: resident)
    }

    private static func descriptors() -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            families.append(gauge("open_fds", "open file descriptors", Double(open)))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            families.append(gauge("max_fds", "the most that may be open", Double(limit.rlim_cur)))
        }
        return families
    }

    private static func bootTime() -> Double? {
        let line = text(of: "/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }

    private static func text(of path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func gauge(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily("process_\(name)", .gauge, help: help, [.init(value)])
    }
}
