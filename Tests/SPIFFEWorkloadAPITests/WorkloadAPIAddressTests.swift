// SPDX-License-Identifier: Apache-2.0

import SPIFFEWorkloadAPI
import Testing

@Suite struct WorkloadAPIAddressTests {
    @Test(
        "WEP-11, WEP-12: accepts Unix paths and IP ports (D-23)",
        arguments: [
            ("unix:///run/a.sock", "unix:///run/a.sock"),
            ("unix:/run/a.sock", "unix:///run/a.sock"),
            ("UNIX:///run/a.sock", "unix:///run/a.sock"),
            ("unix:///run/a%20b.sock", "unix:///run/a b.sock"),
            ("tcp://127.0.0.1:8000", "tcp://127.0.0.1:8000"),
            ("TCP://127.0.0.1:1", "tcp://127.0.0.1:1"),
            ("tcp://[::1]:65535", "tcp://[::1]:65535"),
        ])
    func accepts(uri: String, description: String) throws {
        #expect(try WorkloadAPIAddress(uri).description == description)
    }

    @Test(
        "WEP-10: refuses what is neither unix nor tcp",
        arguments: ["http://127.0.0.1:80", "/run/x.sock", "", "npipe:x", ":", "unix", "file:///run/x.sock"])
    func refusesOtherSchemes(uri: String) {
        refuses(uri)
    }

    @Test(
        "WEP-11: refuses Unix addresses with anything but an absolute path (D-23)",
        arguments: [
            "unix:run/a.sock", "unix://run/a.sock", "unix://", "unix:", "unix:///", "unix:///run/a.sock?q",
            "unix:///run/a.sock#f", "unix:///run/a.sock?", "unix:///run/a.sock#", "unix://u@/run/a.sock",
            "unix:///run/a b.sock", "unix:///run/%zz", "unix:///run/%0", "unix:///run/%00", "unix:///run/%ff",
            "unix:///run/ä.sock", "unix:///" + String(repeating: "a", count: 107),
        ])
    func refusesUnix(uri: String) {
        refuses(uri)
    }

    @Test(
        "WEP-12: refuses TCP addresses that are more or less than IP and port (D-23)",
        arguments: [
            "tcp://localhost:8000", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:8000/",
            "tcp://127.0.0.1:8000/foo", "tcp://127.0.0.1:8000?q", "tcp://127.0.0.1:8000#f", "tcp://u@127.0.0.1:8000",
            "tcp://127.0.0.1:65536", "tcp://127.0.0.1:0", "tcp://127.0.0.1:+1", "tcp://127.0.0.01:80", "tcp://127.1:80",
            "tcp://256.0.0.1:80", "tcp://::1:80", "tcp://[127.0.0.1]:80", "tcp://[fe80::1%25eth0]:80", "tcp://:80",
            "tcp:127.0.0.1:80", "tcp:", "tcp://",
        ])
    func refusesTCP(uri: String) {
        refuses(uri)
    }

    @Test("WEP-09: takes the address from the environment")
    func readsEnvironment() throws {
        let address = try WorkloadAPIAddress.fromEnvironment(["SPIFFE_ENDPOINT_SOCKET": "unix:///run/a.sock"])
        #expect(address == (try WorkloadAPIAddress(unixSocketPath: "/run/a.sock")))
    }

    @Test("WEP-09: an address that is given counts, whatever the environment says")
    func prefersExplicitAddress() throws {
        let address = try WorkloadAPIAddress("unix:///run/mine.sock")
        #expect(WorkloadAPIClient(address: address).address == address)
    }

    @Test("WEP-09: names the variable when there is no address")
    func namesVariable() {
        let error = #expect(throws: WorkloadAPIError.self) { try WorkloadAPIAddress.fromEnvironment([:]) }
        #expect(error?.code == .noAddress)
        #expect(error?.message.contains("SPIFFE_ENDPOINT_SOCKET") == true)
    }

    @Test("WEP-10: refuses an empty variable")
    func refusesEmptyVariable() {
        let error = #expect(throws: WorkloadAPIError.self) {
            try WorkloadAPIAddress.fromEnvironment(["SPIFFE_ENDPOINT_SOCKET": ""])
        }
        #expect(error?.code == .invalidAddress)
    }

    private func refuses(_ uri: String) {
        let error = #expect(throws: WorkloadAPIError.self) { try WorkloadAPIAddress(uri) }
        #expect(error?.code == .invalidAddress)
    }
}
