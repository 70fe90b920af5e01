// SPDX-License-Identifier: Apache-2.0

/// Finds the word that somebody meant, of a file or of a command line.
package enum Suggestion {
    /// The longest word that is compared; what is typed or written may be of any length.
    private static let maximumLength = 64

    /// The candidate with the fewest edits, when these are few enough to be a slip.
    package static func nearest(to word: String, among candidates: some Collection<String>) -> String? {
        guard word.utf8.count <= maximumLength else { return nil }
        let limit = max(2, word.count / 3)
        let ranked = candidates.map { (name: $0, distance: distance(word.lowercased(), $0.lowercased())) }
        return ranked.filter { $0.distance <= limit }.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// The number of insertions, deletions and replacements that turn one word into the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, byte) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
