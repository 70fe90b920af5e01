// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

/// Trust Domain and Bundle §5: the bundles of several trust domains in one text.
@Suite struct BundleMapDocumentTests {
    private let alpha: SPIFFEBundle
    private let beta: SPIFFEBundle

    init() throws {
        alpha = try TestCA("alpha.test").bundle
        beta = SPIFFEBundle(
            trustDomain: try TrustDomain("beta.test"), jwtAuthorities: [try TestJWTKey(keyID: "b").authority],
            sequenceNumber: 7)
    }

    private func text(_ entries: String) -> [UInt8] {
        Array("{\"trust_domains\":{\(entries)}}".utf8)
    }

    private func entry(_ name: String, _ bundle: SPIFFEBundle) -> String {
        "\"\(name)\":\(String(decoding: bundle.document(), as: UTF8.self))"
    }

    private func expectRefusal(of text: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: SPIFFEError.self, sourceLocation: sourceLocation) {
            try BundleMapDocument(parsing: Array(text.utf8))
        }
        #expect(error?.code == .invalidBundle, sourceLocation: sourceLocation)
        #expect(
            error.map { "\($0)".contains(message) } == true, "\(error.map { "\($0)" } ?? "")",
            sourceLocation: sourceLocation)
    }

    @Test func readsWhatItWrites() throws {
        let bundles = BundleSet([beta, alpha])
        let written = bundles.bundleMap()
        #expect(try BundleSet(bundleMap: written) == bundles)
        #expect(try BundleSet(bundleMap: written).bundleMap() == written)
    }

    @Test("BMAP-01: trust_domains has to be there, and may be empty")
    func wantsTrustDomains() throws {
        #expect(try BundleSet(bundleMap: Array(#"{"trust_domains":{}}"#.utf8)) == BundleSet())
        #expect(BundleSet().bundleMap() == Array("{\n    \"trust_domains\": {}\n}".utf8))
        for text in ["{}", #"{"trust_domains":null}"#, #"{"trust_domains":[]}"#, "[]", "null"] {
            expectRefusal(of: text, "bundle map has no \"trust_domains\" object")
        }
        expectRefusal(of: "", "bundle map cannot be read")
    }

    @Test(
        "BMAP-02: keys are trust domain names, not IDs (D-28)",
        arguments: [
            "Example.org", "", "a/b", "spiffe://example.org", "example.org:443", "exämple.org", "example.org ",
            String(repeating: "a", count: 256),
        ])
    func refusesOtherNames(name: String) {
        expectRefusal(of: #"{"trust_domains":{"good.test":{"keys":[]},"\#(name)":{"keys":[]}}}"#, "bundle map entry")
    }

    @Test("BMAP-03: each trust domain is written once, in order of name")
    func writesEachTrustDomainOnce() throws {
        var newer = beta
        newer.sequenceNumber = 8
        let written = BundleSet([beta, alpha, newer]).bundleMap()
        let entries = try JSONValue(parsing: written, maximumBytes: 1 << 20)["trust_domains"]?.object
        #expect(entries?.names == ["alpha.test", "beta.test"])
        #expect(entries?["beta.test"]?["spiffe_sequence"] == 8)
    }

    @Test("BMAP-04: a map that names a trust domain twice is refused, however it is spelt")
    func refusesDuplicates() {
        for second in ["beta.test", #"b\u0065ta.test"#] {
            for bundle in [alpha, beta] {
                let map = text(entry("beta.test", beta) + "," + entry(second, bundle))
                expectRefusal(of: String(decoding: map, as: UTF8.self), "member \"beta.test\" is given twice")
            }
        }
        expectRefusal(of: #"{"trust_domains":{},"trust_domains":{}}"#, "given twice")
    }

    @Test("BMAP-05, BMAP-06: refresh hints are neither written nor read", arguments: ["1", "86400", "\"soon\""])
    func hasNoRefreshHints(hint: String) throws {
        var hinted = beta
        hinted.refreshHint = 300
        #expect(!String(decoding: BundleSet([hinted]).bundleMap(), as: UTF8.self).contains("hint"))
        let bundles = try BundleSet(
            bundleMap: text("\"beta.test\":{\"keys\":[],\"spiffe_sequence\":7,\"spiffe_refresh_hint\":\(hint)}"))
        let bundle = try #require(bundles[beta.trustDomain])
        #expect(bundle.refreshHint == nil)
        #expect(bundle.sequenceNumber == 7)
    }

    @Test(
        "BMAP-07: one malformed bundle leaves the map of before in force",
        arguments: ["null", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[],"spiffe_sequence":"7"}"#])
    func isTakenWholeOrNotAtAll(malformed: String) throws {
        var bundles = BundleSet([alpha])
        let mixed = text(entry("beta.test", beta) + ",\"gamma.test\":\(malformed)")
        #expect(throws: SPIFFEError(.invalidBundle, "")) { bundles = try BundleSet(bundleMap: mixed) }
        #expect(bundles == BundleSet([alpha]))
        bundles = try BundleSet(bundleMap: text(entry("beta.test", beta)))
        #expect(bundles == BundleSet([beta]), "a trust domain that the new map leaves out is gone")
    }

    @Test func tellsIgnoredEntriesAndPassesOverOtherMembers() throws {
        let map = #"{"version":2,"trust_domains":{"beta.test":{"keys":[{"use":"ssh-svid","kty":"EC"}],"more":1}}}"#
        let document = try BundleMapDocument(parsing: Array(map.utf8)).documents[0]
        #expect(document.bundle == SPIFFEBundle(trustDomain: beta.trustDomain))
        #expect(document.ignoredEntries.map(\.index) == [0])
    }

    @Test func refusesAMapBeyondTheLimit() {
        let spaces = [UInt8](repeating: UInt8(ascii: " "), count: BundleMapDocument.maximumSize)
        #expect(throws: SPIFFEError(.invalidBundle, "")) {
            try BundleMapDocument(parsing: spaces + Array(#"{"trust_domains":{}}"#.utf8))
        }
    }
}
