// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityBundleEndpoint

@Suite struct ProxyExceptionsTests {
    @Test(
        "NO_PROXY is read as Go reads it",
        arguments: [
            ("", "partner.test", false), ("*", "partner.test", true), ("partner.test", "partner.test", true),
            ("partner.test", "PARTNER.test", true), (" other.test , Partner.Test ", "partner.test", true),
            ("partner.test", "spire.partner.test", true), ("partner.test", "notpartner.test", false),
            (".partner.test", "spire.partner.test", true), (".partner.test", "partner.test", false),
            ("*.partner.test", "spire.partner.test", true), ("*.partner.test", "partner.test", false),
            ("partner.test:443", "partner.test", true), ("partner.test:8443", "partner.test", false),
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1:443", "192.0.2.1", true),
            ("192.0.2.1:1", "192.0.2.1", false), ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.0/25", "192.0.2.127", true), ("192.0.2.0/25", "192.0.2.128", false),
            ("192.0.2.0/33", "192.0.2.1", false), ("0.0.0.0/0", "192.0.2.1", true),
            ("0.0.0.0/0", "partner.test", false),
            ("2001:db8::/32", "2001:db8::5", true), ("2001:db8::/32", "2001:db9::5", false),
            ("2001:DB8:0::5", "2001:db8::5", true), ("[2001:db8::5]:443", "2001:db8::5", true),
            ("[2001:db8::5]:1", "2001:db8::5", false), (",,. ,", "partner.test", false),
        ])
    func readsTheList(list: String, host: String, isContained: Bool) {
        #expect(ProxyExceptions(list).contain(host: host, port: 443) == isContained)
    }

    @Test(
        "the own machine never goes by a proxy",
        arguments: ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
    func sparesTheOwnMachine(host: String) {
        #expect(ProxyExceptions("").contain(host: host, port: 443))
    }

    @Test(
        "an address has a scheme or none, a port or its scheme's, and never shows its password",
        arguments: [
            ("proxy.test:3128", "proxy.test:3128", false), ("http://proxy.test", "proxy.test:80", false),
            ("HTTPS://proxy.test/", "proxy.test:443", true), ("http://u:secret@proxy.test:1", "proxy.test:1", false),
            ("http://[2001:db8::1]:3128", "[2001:db8::1]:3128", false), ("socks5://proxy.test", nil, false),
            ("http://", nil, false), ("http://proxy.test:99999", nil, false), ("http://a b", nil, false),
        ] as [(String, String?, Bool)])
    func readsAnAddress(text: String, shown: String?, usesTLS: Bool) {
        let server = ProxyServer(text)
        #expect(server?.description == shown)
        #expect(server?.usesTLS ?? false == usesTLS)
    }

    @Test("user and password are sent as they are, decoded") func encodesCredentials() {
        #expect(ProxyServer("http://us%40er:p%3Aw@proxy.test")?.authorization == "Basic dXNAZXI6cDp3")
        #expect(ProxyServer("http://proxy.test")?.authorization == nil)
    }
}
