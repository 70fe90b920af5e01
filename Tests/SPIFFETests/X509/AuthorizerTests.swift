// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@Suite struct AuthorizerTests {
    private let web: SPIFFEID
    private let db: SPIFFEID
    private let foreign: SPIFFEID

    init() throws {
        web = try SPIFFEID("spiffe://example.org/web")
        db = try SPIFFEID("spiffe://example.org/db")
        foreign = try SPIFFEID("spiffe://other.test/web")
    }

    @Test func anyAcceptsAll() throws {
        for id in [web, db, foreign] { try Authorizer.any.authorize(id) }
    }

    @Test func idAcceptsOne() throws {
        try Authorizer.id(web).authorize(web)
        for id in [db, foreign] {
            #expect(refusal(of: id, by: .id(web)) == "unexpected ID \"\(id)\"")
        }
    }

    @Test func oneOfAcceptsTheListed() throws {
        try Authorizer.oneOf([web, foreign]).authorize(foreign)
        #expect(refusal(of: db, by: .oneOf([web, foreign])) == "unexpected ID \"spiffe://example.org/db\"")
        #expect(refusal(of: db, by: .oneOf([])) == "unexpected ID \"spiffe://example.org/db\"")
    }

    @Test func memberAcceptsItsTrustDomain() throws {
        try Authorizer.member(of: web.trustDomain).authorize(db)
        #expect(refusal(of: foreign, by: .member(of: web.trustDomain)) == "unexpected trust domain \"other.test\"")
    }

    @Test func closureDecides() throws {
        let authorizer = Authorizer { (id) throws(SPIFFEError) in
            if id.path != "/web" { throw SPIFFEError(.notAuthorized, "no") }
        }
        try authorizer.authorize(foreign)
        #expect(refusal(of: db, by: authorizer) == "no")
    }

    private func refusal(of id: SPIFFEID, by authorizer: Authorizer) -> String? {
        let error = #expect(throws: SPIFFEError(.notAuthorized, "")) { try authorizer.authorize(id) }
        return error?.message
    }
}
