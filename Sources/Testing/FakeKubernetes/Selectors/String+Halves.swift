// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Without spaces at both ends.
    var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// What stands before and after the first of these signs.
    func halves(around sign: String) -> (before: String, after: String)? {
        guard let range = firstRange(of: sign) else { return nil }
        return (String(self[..<range.lowerBound]).trimmed, String(self[range.upperBound...]).trimmed)
    }
}
