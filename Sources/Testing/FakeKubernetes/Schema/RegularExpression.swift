// SPDX-License-Identifier: Apache-2.0

/// Patterns of schemas, which the API searches anywhere in the text.
enum RegularExpression {
    /// A pattern that Swift cannot read matches nothing, so that a test with it fails.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        // RE2 goes by code points and knows ASCII classes only.
        guard let expression = try? Regex(pattern) else { return false }
        return text.firstMatch(of: expression.matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()) != nil
    }
}
