// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import Testing

@Suite struct BundleEndpointURLTests {
    @Test(
        "FED-18: https with path, query, port, IP host; FED-32: in both profiles",
        arguments: [
            ("https://example.org", "example.org", 443, "/", "example.org"),
            ("HTTPS://example.org:8443", "example.org", 8443, "/", "example.org:8443"),
            ("https://example.org/bundle.json", "example.org", 443, "/bundle.json", "example.org"),
            ("https://example.org:8443/a%20b?c=d&e", "example.org", 8443, "/a%20b?c=d&e", "example.org:8443"),
            ("https://127.0.0.1:9000/", "127.0.0.1", 9000, "/", "127.0.0.1:9000"),
            ("https://[::1]:9000/x", "::1", 9000, "/x", "[::1]:9000"),
            ("https://example.org/#part", "example.org", 443, "/", "example.org"),
        ])
    func acceptsURL(text: String, host: String, port: Int, target: String, authority: String) throws {
        let url = try BundleEndpointURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(url.authority == authority)
    }

    @Test(
        "FED-18: other schemes refused; FED-19: user info refused",
        arguments: [
            ("http://example.org", "https scheme"), ("spiffe://example.org", "https scheme"),
            ("example.org", "https scheme"), ("", "not a URL"), ("//example.org", "https scheme"),
            ("https://", "specify the host"), ("https:///bundle", "specify the host"),
            ("https://user@example.org/b", "user info"), ("https://user:pw@example.org/b", "user info"),
            ("https://@example.org/b", "user info"), ("https://:pw@example.org/b", "user info"),
            ("https://example.org:0/", "port"), ("https://example.org:70000/", "port"),
            ("https://exa mple.org/", "not a URL"),
        ])
    func refusesURL(text: String, reason: String) {
        do throws(RegistryError) {
            let url = try BundleEndpointURL(text)
            Issue.record("accepted as \(url)")
        } catch {
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains(reason), "\(error.message)")
        }
    }

    @Test(
        "FED-28: a redirect is resolved against the URL it came from",
        arguments: [
            ("/other", "https://example.org:8443/other"), ("next?x=1", "https://example.org:8443/a/next?x=1"),
            ("https://mirror.example.net/b", "https://mirror.example.net/b"),
            ("//mirror.example.net/b", "https://mirror.example.net/b"),
        ])
    func resolvesRedirect(location: String, expected: String) throws {
        let url = try BundleEndpointURL("https://example.org:8443/a/b")
        #expect(try url.redirected(to: location).description == expected)
    }

    @Test(
        "FED-28: a redirect to an invalid URL is an error",
        arguments: ["http://example.org/", "https://user@example.org/", "ftp://example.org", "https://"])
    func refusesRedirect(location: String) throws {
        let url = try BundleEndpointURL("https://example.org:8443/a/b")
        #expect(throws: RegistryError(.invalidArgument, "")) { try url.redirected(to: location) }
    }

    @Test func targetCannotSmuggleHeaders() throws {
        let url = try BundleEndpointURL("https://example.org/a")
        for location in ["/b\r\nX-Evil: 1", "/b c", "/\u{0}"] {
            guard let next = try? url.redirected(to: location) else { continue }
            #expect(next.target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
        }
    }
}
