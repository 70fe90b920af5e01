// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct DeclaredBundleTests {
    private let two: TrustDomain
    private let ca: TestCA

    init() throws {
        two = try TrustDomain("two.test")
        ca = try TestCA("two.test")
    }

    private func declared(_ bundle: SPIFFEBundle) throws -> DeclaredBundle {
        try #require(try DeclaredBundle(String(decoding: bundle.document(), as: UTF8.self), of: two))
    }

    // MARK: - Layouts

    @Test(
        "S1, C7: the layout of the server's API is read, and the canonical form is named",
        arguments: [
            (domain: "trust_domain", x509: "x509_authorities", jwt: "jwt_authorities", sequence: "sequence_number"),
            (domain: "trustDomain", x509: "x509Authorities", jwt: "jwtAuthorities", sequence: "sequenceNumber"),
        ])
    func readsTheLayoutOfTheAPI(names: (domain: String, x509: String, jwt: String, sequence: String)) throws {
        let der = Data(try ca.bundle.x509Authorities[0].derBytes).base64EncodedString()
        let text = """
            {"\(names.domain)": "two.test", "\(names.x509)": [{"asn1": "\(der)"}], "\(names.jwt)": [],
             "\(names.sequence)": "4"}
            """
        let declared = try #require(try DeclaredBundle(text, of: two))
        var expected = try ca.bundle
        expected.sequenceNumber = 4
        #expect(declared.bundle == expected)
        #expect(declared.digest == expected.digest)
        #expect(declared.warnings.count == 1 && declared.warnings[0].contains("the canonical form has \"keys\""))
    }

    @Test("S57: indentation and line breaks of a block scalar do not matter") func readsABlockScalar() throws {
        let text = String(decoding: try ca.bundle.document(), as: UTF8.self)
        let indented = "\n\n" + text.replacing("\n", with: "\n        ") + "\n\n"
        #expect(try DeclaredBundle(indented, of: two)?.bundle == (try ca.bundle))
    }

    @Test func digestDoesNotDependOnTheOrderOfKeys() throws {
        var bundle = SPIFFEBundle(
            trustDomain: two,
            x509Authorities: try (0..<3).map { _ in try TestCA("two.test").bundle.x509Authorities[0] },
            jwtAuthorities: try SPIFFEBundle.fixture(of: two, keys: ["a", "b", "c"]).jwtAuthorities)
        let digest = bundle.digest
        #expect(digest.hasPrefix("sha256:") && digest.count == 71)
        bundle.x509Authorities.reverse()
        bundle.jwtAuthorities.reverse()
        #expect(bundle.digest == digest)
        bundle.sequenceNumber = 1
        #expect(bundle.digest != digest)
    }

    @Test func passesOverKeysThatAreMeantForSomebodyElse() throws {
        var document = try #require(
            try JSONValue(parsing: try ca.bundle.document(), maximumBytes: 1 << 20).object)
        document["keys"] = .array((document["keys"]?.array ?? []) + [["use": "wit-svid", "kty": "EC"]])
        let declared = try #require(try DeclaredBundle(JSONValue.object(document).description, of: two))
        #expect(declared.bundle == (try ca.bundle))
        #expect(declared.warnings.count == 1)
    }

    @Test(
        "S71: what is no bundle of the trust domain is refused whole",
        arguments: [
            ("", "spec.trustDomainBundle"), ("{", "spec.trustDomainBundle"), ("[]", "spec.trustDomainBundle"),
            ("{}", "no \"keys\""), ("{\"keys\": null}", "no \"keys\""),
            ("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", "is in PEM"),
            ("{\"keys\": [{\"use\": \"x509-svid\", \"kty\": \"EC\"}]}", "has a broken key at position 0"),
            ("{\"keys\": [{\"use\": \"jwt-svid\", \"kty\": \"EC\"}]}", "has a broken key at position 0"),
            (
                "{\"trust_domain\": \"three.test\", \"x509_authorities\": []}",
                "bundle is of trust domain \"three.test\""
            ),
            ("{\"x509_authorities\": [{\"asn1\": \"AAAA\"}]}", "authority 0 cannot be read"),
        ])
    func refuses(text: String, reason: String) {
        let error = #expect(throws: ResourceError.self) { _ = try DeclaredBundle(text, of: two) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func warnsOfAuthoritiesThatHaveEnded() throws {
        let declared = try declared(try ca.bundle)
        #expect(declared.warnings(at: TestTime.now).isEmpty)
        #expect(declared.warnings(at: TestTime.future).count == 1)
    }

    // MARK: - What takes whose place

    struct Case: Sendable, CustomStringConvertible {
        var description: String
        /// Sequence number of what is declared and of what is stored.
        var declared: UInt64?
        var stored: UInt64?
        /// Whether the resource declared what is stored before, or something else; `nil` when it is not known.
        var declaredBefore: Memory?
        var polling: Polling = .none
        var isTaken: Bool

        enum Memory { case whatIsStored, somethingElse, theSame }
        enum Polling { case none, succeeds, failed, stuck }
    }

    @Test(arguments: [
        Case(description: "newer", declared: 2, stored: 1, polling: .succeeds, isTaken: true),
        Case(description: "older", declared: 1, stored: 2, isTaken: false),
        Case(description: "not numbered, nothing known", isTaken: false),
        Case(description: "edited, stored from here", declaredBefore: .whatIsStored, isTaken: true),
        Case(
            description: "edited to a lower number", declared: 1, stored: 2, declaredBefore: .whatIsStored,
            isTaken: true),
        Case(
            description: "edited, but fetched since", declared: 1, stored: 2, declaredBefore: .somethingElse,
            polling: .succeeds, isTaken: false),
        Case(
            description: "edited, but the endpoint says what is stored", declaredBefore: .whatIsStored,
            polling: .succeeds, isTaken: false),
        Case(
            description: "edited, the endpoint fails", declaredBefore: .whatIsStored, polling: .failed, isTaken: true),
        Case(description: "edited while stuck", declaredBefore: .somethingElse, polling: .stuck, isTaken: true),
        Case(
            description: "edited to something older while stuck", declared: 1, stored: 2,
            declaredBefore: .somethingElse, polling: .stuck, isTaken: false),
        Case(description: "not edited while stuck", declaredBefore: .theSame, polling: .stuck, isTaken: false),
        Case(description: "stuck, nothing known", polling: .stuck, isTaken: false),
        Case(description: "edited, endpoint down", declaredBefore: .somethingElse, polling: .failed, isTaken: false),
    ])
    func takesThePlaceOfWhatIsNotNewer(row: Case) throws {
        let stored = try SPIFFEBundle.fixture(of: two, keys: ["stored"], sequence: row.stored)
        let declared = try declared(try .fixture(of: two, keys: ["declared"], sequence: row.declared))
        let remembered = row.declaredBefore.map {
            switch $0 {
            case .whatIsStored: stored.digest
            case .somethingElse: "sha256:0"
            case .theSame: declared.digest
            }
        }
        var polling = FederationStatus(trustDomain: two)
        switch row.polling {
        case .none: break
        case .succeeds: polling.lastSuccess = TestTime.now
        case .failed: polling.lastFailure = FederationFailure(.connect, "refused")
        case .stuck: polling.lastFailure = FederationFailure(.tlsIdentity, "unknown authority")
        }
        #expect(
            declared.replaces(stored, remembered: remembered, polling: row.polling == .none ? nil : polling)
                == row.isTaken)
    }

    @Test func fillsWhatIsEmptyAndLeavesTheSame() throws {
        let bundle = try SPIFFEBundle.fixture(of: two)
        let declared = try declared(bundle)
        #expect(declared.replaces(nil, remembered: nil, polling: nil))
        #expect(!declared.replaces(bundle, remembered: "sha256:0", polling: nil))
    }
}
