// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import Testing

@Suite struct DNSNameTests {
    @Test(arguments: [
        "a", "localhost", "web.example.org", "*.example.org", "*.a", "1.2", "a-b.c--d.test",
        String(repeating: "a", count: 63) + ".test",
        Array(repeating: String(repeating: "a", count: 62), count: 4).joined(separator: ".") + "a",
    ])
    func takes(_ name: String) throws {
        #expect(try DNSName(name).name == name)
    }

    @Test(arguments: [
        ("", "empty domain"), ("*.", "empty domain"), ("*", "wildcard must be first label"),
        ("a.*.test", "wildcard must be first label"), ("a*.test", "wildcard must be first label"),
        ("*.*.test", "too many wildcards"), ("example.org.", "domain ends with dot"), (".", "domain ends with dot"),
        ("a..b", "idna error: empty label"), (".a", "idna error: empty label"),
        ("Example.org", "idna error: labels are limited to lower-case ASCII letters, digits and hyphens"),
        ("a_b.test", "idna error: labels are limited to lower-case ASCII letters, digits and hyphens"),
        ("a b", "idna error: labels are limited to lower-case ASCII letters, digits and hyphens"),
        ("münchen.test", "idna error: labels are limited to lower-case ASCII letters, digits and hyphens"),
        ("-a.test", "idna error: label begins or ends with a hyphen"),
        ("a-.test", "idna error: label begins or ends with a hyphen"),
        ("xn--mnchen-3ya.test", "no punycode domain"), ("ab--c.test", "no punycode domain"),
        (String(repeating: "a", count: 64), "idna error: label is longer than 63 bytes"),
        (String(repeating: "a.", count: 127), "domain ends with dot"),
        (String(repeating: "a.", count: 126) + "aa", "idna error: name is longer than 253 bytes"),
    ])
    func refuses(_ name: String, _ message: String) {
        #expect {
            try DNSName(name)
        } throws: { error in
            (error as? RegistryError)?.message == message
        }
    }

    // Not in the table: a NUL in a test's name spoils the log.
    @Test func refusesNUL() {
        #expect(throws: RegistryError(.invalidArgument, "")) { try DNSName("a\0b") }
    }
}
