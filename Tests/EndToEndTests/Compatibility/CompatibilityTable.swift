// SPDX-License-Identifier: Apache-2.0

/// The table of Docs/Compatibility.md, and what is wrong with it.
struct CompatibilityTable {
    enum Answer: Hashable {
        case accepted, refused
        /// Accepted, and the program says that nothing comes of it.
        case withoutEffect
    }

    private let remarks: CompatibilityRemarks
    private var asked: Set<String> = []
    private var counts: [CompatibilityRemarks.Verdict: Int] = [:]
    private var body = ""
    /// What contradicts the remarks, or lacks one.
    private(set) var faults: [String] = []

    init(remarks: CompatibilityRemarks) {
        self.remarks = remarks
    }

    mutating func section(_ title: String, columns: String...) {
        body += "\n## \(title)\n\n| \(columns.joined(separator: " | ")) | verdict | remark |\n"
        body += String(repeating: "|---", count: columns.count + 2) + "|\n"
    }

    /// Adds a row.
    ///
    /// - Parameter name: With its kind at the front.
    mutating func row(_ name: String, _ answer: Answer, columns: String...) {
        asked.insert(name)
        let remark = remarks.remark(on: name)
        let verdict = remark?.verdict ?? .same
        switch answer {
        case .refused where verdict != .refused && !(verdict == .same && remark != nil):
            faults.append("\(name) is refused; Remarks.txt does not say why")
        case .withoutEffect where remark == nil:
            faults.append("\(name) has no effect; Remarks.txt does not say why")
        case .accepted where verdict == .refused:
            faults.append("\(name) is not refused, though Remarks.txt says so")
        default: break
        }
        counts[verdict, default: 0] += 1
        let cells = columns.map { $0.isEmpty ? "" : "`\($0)`" } + [verdict.rawValue, remark?.text ?? ""]
        body += "| \(cells.joined(separator: " | ")) |\n"
    }

    /// What is there although SPIRE does not have it; it needs a remark.
    mutating func addition(_ name: String, columns: String...) {
        asked.insert(name)
        guard let remark = remarks.remark(on: name), remark.verdict == .better else {
            faults.append("\(name) is not SPIRE's; Remarks.txt has no `better` that says what it is for")
            return
        }
        counts[.better, default: 0] += 1
        body += "| \(columns.map { "`\($0)`" }.joined(separator: " | ")) | better | not in SPIRE: \(remark.text) |\n"
    }

    /// The document; to be taken when all rows are there.
    mutating func document() -> String {
        faults += remarks.unused(by: asked).map { "Remarks.txt speaks of \($0), which is nothing that was asked" }
        let counted = [CompatibilityRemarks.Verdict.same, .better, .refused].map { "\(counts[$0] ?? 0) \($0.rawValue)" }
        return """
            # Compatibility with SPIRE

            Made by a test from the running programs: each RPC is called, each command asked for its flags, each key given
            to `validate`. Do not edit; `RECORD_SNAPSHOTS=1 Scripts/test --filter CompatibilityTests` writes it anew.

            *same*: as SPIRE has it · *better*: the remark says what differs · *refused*: with a message that names it; the
            remark says why. What differs inside of what is the same is in [Differences.md](Differences.md).
            \(counted.joined(separator: ", ")).
            \(body)
            """
    }
}
