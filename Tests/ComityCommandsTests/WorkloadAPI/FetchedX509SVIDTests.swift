// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import SPIFFE
import SwiftProtobuf
import Testing
import WorkloadAPIProtos
import X509

@testable import ComityCommands

@Suite struct FetchedX509SVIDTests {
    private let ca: TestCA
    private let foreign: TestCA

    init() throws {
        ca = try TestCA("example.org")
        foreign = try TestCA("beta.test")
    }

    private func svid(_ svid: TestSVID, hint: String = "") throws -> Workload_X509SVID {
        let credential = try svid.credential()
        return try .with {
            $0.spiffeID = credential.id.uri
            $0.x509Svid = Data(try svid.concatenatedDER)
            $0.x509SvidKey = Data(try credential.privateKeyDER)
            $0.bundle = Data(try ca.root.derBytes)
            $0.hint = hint
        }
    }

    private func answer(_ svids: [Workload_X509SVID]) throws -> Workload_X509SVIDResponse {
        try .with {
            $0.svids = svids
            $0.federatedBundles = ["spiffe://beta.test": Data(try foreign.root.derBytes)]
        }
    }

    @Test func textHasEverySVIDWithAllThatItIsCheckedBy() throws {
        let answer = try answer([
            svid(ca.intermediate().leaf("/web"), hint: "internal"), svid(ca.leaf("/api")),
        ])
        let text = X509SVIDText.answer(
            try FetchedX509SVID.all(of: answer, at: TestTime.now),
            federated: try FetchedX509SVID.federatedBundles(of: answer), after: .microseconds(1500))
        let (start, end) = ("2020-01-01 00:00:00 +0000 UTC", "2049-12-31 00:00:00 +0000 UTC")
        #expect(
            text == """
                Received 2 svids after 1.5ms

                SPIFFE ID:\t\tspiffe://example.org/web
                Hint:\t\t\tinternal
                SVID Valid After:\t\(start)
                SVID Valid Until:\t\(end)
                Intermediate #1 Valid After:\t\(start)
                Intermediate #1 Valid Until:\t\(end)
                CA #1 Valid After:\t\(start)
                CA #1 Valid Until:\t\(end)
                [spiffe://beta.test] CA #1 Valid After:\t\(start)
                [spiffe://beta.test] CA #1 Valid Until:\t\(end)

                SPIFFE ID:\t\tspiffe://example.org/api
                SVID Valid After:\t\(start)
                SVID Valid Until:\t\(end)
                CA #1 Valid After:\t\(start)
                CA #1 Valid Until:\t\(end)
                [spiffe://beta.test] CA #1 Valid After:\t\(start)
                [spiffe://beta.test] CA #1 Valid Until:\t\(end)


                """)
    }

    @Test func jsonIsTheAnswerOfTheAgent() {
        let answer = Workload_X509SVIDResponse.with {
            $0.svids = [
                .with {
                    $0.spiffeID = "spiffe://example.org/web"
                    $0.x509Svid = Data([1])
                    $0.x509SvidKey = Data([2])
                    $0.bundle = Data([3])
                }
            ]
            $0.federatedBundles = ["spiffe://beta.test": Data([4])]
        }
        #expect(
            AnswerJSON.line([answer.json]) == """
                {"crl":[],"federated_bundles":{"spiffe://beta.test":"BA=="},"svids":[{"bundle":"Aw==","hint":"",\
                "spiffe_id":"spiffe://example.org/web","x509_svid":"AQ==","x509_svid_key":"Ag=="}]}

                """)
    }

    @Test func anAnswerWithoutSVIDsIsRefused() {
        let error = #expect(throws: CommandError.self) {
            try FetchedX509SVID.all(of: Workload_X509SVIDResponse(), at: TestTime.now)
        }
        #expect(error?.message == "workload response contains no svids")
    }

    @Test func anSVIDOfAnotherAuthorityIsRefused() throws {
        let stranger = try svid(try TestCA("example.org").leaf("/web"))
        let answer = try answer([stranger])
        let error = #expect(throws: CommandError.self) { try FetchedX509SVID.all(of: answer, at: TestTime.now) }
        #expect(error?.message == "failed to parse svid entry 0 for spiffe id \"spiffe://example.org/web\"")
    }

    @Test func filesHoldEachPartAndTheKeyIsPrivate() throws {
        let folder = try TemporaryFolder()
        let answer = try answer([svid(ca.leaf("/web"))])
        try X509SVIDFiles(folder: folder.path).write(
            try FetchedX509SVID.all(of: answer, at: TestTime.now),
            federated: try FetchedX509SVID.federatedBundles(of: answer))
        #expect(try String(contentsOfFile: folder.path("bundle.0.pem"), encoding: .utf8) == ca.rootPEM)
        #expect(
            try String(contentsOfFile: folder.path("federated_bundle.0.0.pem"), encoding: .utf8) == foreign.rootPEM)
        let key = try String(contentsOfFile: folder.path("svid.0.key"), encoding: .utf8)
        #expect(key.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let mode = { (name: String) in
            try FileManager.default.attributesOfItem(atPath: folder.path(name))[.posixPermissions] as? Int
        }
        #expect(try mode("svid.0.key") == 0o600)
        #expect(try mode("svid.0.pem") == 0o644)
    }
}
