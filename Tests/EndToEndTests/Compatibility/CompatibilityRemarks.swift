// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is to be said of a name, as `Remarks.txt` beside this file has it: `VERDICT KIND NAME: text`. A name that ends in
/// `*` stands for all that begin so.
struct CompatibilityRemarks {
    enum Verdict: String {
        case same, better, refused
    }

    struct Remark {
        var verdict: Verdict
        var name: String
        var text: String
    }

    struct Unreadable: Error {
        var line: String
    }

    private let remarks: [Remark]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Remarks.txt")
        remarks = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { line in
                guard let space = line.firstIndex(of: " "), let colon = line.firstRange(of: ": "),
                    let verdict = Verdict(rawValue: String(line[..<space]))
                else { throw Unreadable(line: String(line)) }
                return Remark(
                    verdict: verdict, name: String(line[line.index(after: space)..<colon.lowerBound]),
                    text: String(line[colon.upperBound...]))
            }
    }

    /// - Parameter name: With its kind at the front, such as `rpc server grpc.health.v1.Health/List`.
    func remark(on name: String) -> Remark? {
        remarks.first { $0.name == name }
            ?? remarks.first { $0.name.hasSuffix("*") && name.hasPrefix($0.name.dropLast()) }
    }

    /// The remarks that speak of none of these.
    func unused(by names: Set<String>) -> [String] {
        remarks.map(\.name).filter { remark in
            remark.hasSuffix("*")
                ? !names.contains { $0.hasPrefix(remark.dropLast()) } : !names.contains(remark)
        }
    }
}
