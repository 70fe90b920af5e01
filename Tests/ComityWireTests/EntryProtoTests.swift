// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityWire
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import Testing

@Suite struct EntryProtoTests {
    private let trustDomain: TrustDomain
    private let entry: Entry

    init() throws {
        trustDomain = try TrustDomain("example.org")
        var entry = Entry(
            id: "one", spiffeID: try SPIFFEID("spiffe://example.org/a"),
            parentID: try SPIFFEID("spiffe://example.org/p"), selectors: [try Selector("u:1"), try Selector("a:b:c")])
        entry.x509SVIDTTL = 1
        entry.jwtSVIDTTL = 2
        entry.federatesWith = [try TrustDomain("z.test"), try TrustDomain("b.test")]
        entry.isAdmin = true
        entry.isDownstream = true
        entry.expiresAt = TestTime.future
        entry.dnsNames = ["z.test", "a.test"]
        entry.revisionNumber = 40
        entry.storesSVID = true
        entry.hint = "h"
        entry.createdAt = TestTime.past
        entry.disablesX509SVIDPrefetch = true
        entry.includesJTIInJWTSVID = true
        self.entry = entry
    }

    @Test func comesBackAsItWas() throws {
        #expect(try Entry(Spire_Api_Types_Entry(entry), trustDomain: trustDomain) == entry)
    }

    @Test func sendsSetsInOrder() {
        let proto = Spire_Api_Types_Entry(entry)
        #expect(proto.selectors.map(\.type) == ["a", "u"])
        #expect(proto.federatesWith == ["b.test", "z.test"])
        #expect(proto.dnsNames == ["z.test", "a.test"])
    }

    @Test(arguments: EntryField.allCases)
    func sendsAndReadsOneFieldAlone(_ field: EntryField) throws {
        let mask = Spire_Api_Types_EntryMask([field])
        #expect(Set<EntryField>(mask) == [field])
        let proto = Spire_Api_Types_Entry(entry, fields: [field])
        #expect(proto.id == "one")
        let read = try Entry(proto, fields: [field], trustDomain: trustDomain)
        #expect(Spire_Api_Types_Entry(read, fields: [field]) == proto)
        #expect(try Spire_Api_Types_Entry(Entry(proto, fields: [], trustDomain: trustDomain), fields: [field]) != proto)
    }

    @Test func takesNoMaskForAllFields() {
        #expect(Set<EntryField>(nil as Spire_Api_Types_EntryMask?) == Set(EntryField.allCases))
        #expect(Set<EntryField>(Spire_Api_Types_EntryMask()).isEmpty)
    }

    @Test func takes0ForNoEnd() throws {
        var proto = Spire_Api_Types_Entry(entry)
        proto.expiresAt = 0
        #expect(try Entry(proto, trustDomain: trustDomain).expiresAt == nil)
    }

    @Test func takesATrustDomainWrittenAsID() throws {
        var proto = Spire_Api_Types_Entry(entry)
        proto.federatesWith = ["spiffe://b.test", "z.test"]
        #expect(try Entry(proto, trustDomain: trustDomain) == entry)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Spire_Api_Types_Entry) -> Void

        init(_ message: String, _ change: @escaping @Sendable (inout Spire_Api_Types_Entry) -> Void) {
            testDescription = message
            self.change = change
        }
    }

    static let faults = [
        Fault("invalid parent ID: request must specify SPIFFE ID") { $0.clearParentID() },
        Fault("invalid spiffe ID: request must specify SPIFFE ID") { $0.clearSpiffeID() },
        Fault("invalid spiffe ID: trust domain is missing") { $0.spiffeID.trustDomain = "" },
        Fault("invalid spiffe ID: path must have a leading slash") { $0.spiffeID.path = "a" },
        Fault("invalid spiffe ID: path cannot have a trailing slash") { $0.spiffeID.path = "/a/" },
        Fault("missing selector type") { $0.selectors[0].type = "" },
        Fault("selector type contains ':'") { $0.selectors[0].type = "a:b" },
        Fault("missing selector value") { $0.selectors[0].value = "" },
        Fault("invalid federated trust domain: trust domain is missing") { $0.federatesWith = [""] },
    ]

    @Test(arguments: faults)
    func refuses(_ fault: Fault) throws {
        var proto = Spire_Api_Types_Entry(entry)
        fault.change(&proto)
        #expect {
            try Entry(proto, trustDomain: trustDomain)
        } throws: { error in
            let error = error as? RegistryError
            return error?.message == fault.testDescription && error?.code == .invalidArgument
        }
    }
}
