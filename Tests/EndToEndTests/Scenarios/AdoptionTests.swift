// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import SPIFFEWorkloadAPI
import Testing

/// A SPIRE server is stopped, and Comity goes on in its place.
@Suite(.serialized, .timeLimit(.minutes(3))) struct AdoptionTests {
    private let domain: Deployment

    init() throws {
        domain = try Deployment(SPIREFixture.trustDomain)
    }

    @Test(
        "authorities, entries, agents and bundles go on where SPIRE stopped; an agent of before gets its SVIDs",
        arguments: SPIREFixture.Dialect.allCases)
    func takesTheServersPlace(_ dialect: SPIREFixture.Dialect) async throws {
        let postgres = try await PostgresServer.shared
        let target = dialect == .postgres ? postgres.connectionString(try await postgres.makeDatabase()) : nil
        try domain.writeServerConfiguration(postgres: target)
        let fixture = try SPIREFixture()
        let old = try await StoppedSPIREServer(fixture, dialect)
        let before = try await old.content

        let shown = try await adopt(old).check()
        #expect(!FileManager.default.fileExists(atPath: domain.folder.path("keys.json")))
        #expect(!FileManager.default.fileExists(atPath: domain.folder.path("datastore.sqlite3")))
        #expect(try await old.content == before)
        let taken = try await adopt(old, "-write").check()
        #expect(try await old.content == before)
        let again = try await adopt(old, "-write")

        for line in [
            "X.509 authorities         : \(SPIREFixture.authorityID(fixture.active)) (active, ends ",
            "X.509 authorities         : \(SPIREFixture.authorityID(fixture.prepared)) (prepared, ends ",
            "JWT authorities           : \(fixture.keyID) (active, ends ", "JWT authorities           : 1 old\n",
            "Bundles                   : 2\n", "Federation relationships  : 1\n", "Registration entries      : 3\n",
            "Agents                    : 2\n", "Join tokens               : 1\n", "  key \"WIT-Signer-A\": ",
            "  CA journal with X.509 authority \"of-another-server\": ",
        ] {
            #expect(shown.output.contains(line))
        }
        #expect(shown.output.hasSuffix("Nothing was changed. Run again with -write to take it.\n"))
        #expect(shown.errors.contains("reading the database...\n"))
        #expect(taken.errors.contains("writing the keys to "))
        #expect(again.exitCode == 1)
        #expect(again.errors.contains("holds a registry already"))
        for text in [shown.output, shown.errors, taken.output, taken.errors] {
            #expect(!text.contains(PostgresServer.password) && !text.contains(SPIREFixture.joinToken))
        }
        try await goesOn(fixture)
    }

    private func adopt(_ old: StoppedSPIREServer, _ more: String...) async throws -> ToolCommand.Result {
        try await domain.command("spire-server", ["adopt", "-config", "conf/server.conf"] + old.flags + more)
    }

    // MARK: - After

    private func goesOn(_ fixture: SPIREFixture) async throws {
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        try await showsTheSame(fixture)

        try writeAgentData(fixture)
        let agent = try await domain.restartAgent()
        defer { withExtendedLifetime(agent) {} }
        let context = try await domain.x509Context { $0.credential(path: "/web") != nil }
        let credential = try #require(context.credential(path: "/web"))
        let svid = try UnverifiedX509SVID(certificates: credential.certificates)
            .verified(by: fixture.active.bundles, at: .now)
        #expect(svid.id.uri == "spiffe://adopted.test/web")
        #expect(credential.hint == "main")
        #expect(context.bundles.trustDomains.map(\.name).sorted() == ["adopted.test", "partner.test"])
        let before = try fixture.active.leaf("/before") { ($0.notBefore, $0.notAfter) = (fixture.issued, fixture.ends) }
        #expect(try before.unverified().verified(by: context.bundles, at: .now).id.path == "/before")

        let token = try fixture.token(subject: "spiffe://adopted.test/web", audience: "db")
        try await domain.agent("api", "validate", "jwt", "-audience", "db", "-svid", token).check()
        let minted = try await domain.server(
            "jwt", "mint", "-spiffeID", "spiffe://adopted.test/web", "-audience", "db"
        ).check().output
        let header = try #require(minted.split(separator: ".").first.flatMap { Base64.url.decode(String($0)) })
        #expect(String(decoding: header, as: UTF8.self).contains(fixture.keyID))
        let node = try await RawNode(of: domain)
        let csr = try await ForeignRequest(uri: "spiffe://adopted.test/x", in: domain.folder).der
        let chain = try await node.call { try await node.attest(SPIREFixture.joinToken, csr: csr, over: $0) }
        #expect(!chain.isEmpty)
        #expect(server.lines("prepared").isEmpty && server.lines("level=error", "ca_manager").isEmpty)
    }

    private func showsTheSame(_ fixture: SPIREFixture) async throws {
        let bundle = try BundleDocumentText(
            try await domain.server("bundle", "show", "-format", "spiffe").check().output)
        let roots = try [fixture.active, fixture.prepared].map {
            try Data($0.certificate.derBytes).base64EncodedString()
        }
        #expect(bundle.keys.filter { $0["use"] == "x509-svid" }.map { $0["x5c"] } == roots)
        #expect(bundle.keys.filter { $0["use"] == "jwt-svid" }.map { $0["kid"] } == [fixture.oldKeyID, fixture.keyID])
        #expect(bundle.sequence == SPIREFixture.sequence)
        let partner = try await domain.server("bundle", "list", "-id", "partner.test").check().output
        #expect(try partner == fixture.partner.rootPEM)

        let x509 = try await domain.server("localauthority", "x509", "show").check().output
        #expect(x509.contains("Active X.509 authority:\n  Authority ID: \(SPIREFixture.authorityID(fixture.active))\n"))
        #expect(
            x509.contains("Prepared X.509 authority:\n  Authority ID: \(SPIREFixture.authorityID(fixture.prepared))\n"))
        let jwt = try await domain.server("localauthority", "jwt", "show").check().output
        #expect(jwt.contains("Active JWT authority:\n  Authority ID: \(fixture.keyID)\n"))
        #expect(jwt.contains("Old JWT authority:\n  Authority ID: \(fixture.oldKeyID)\n"))

        let end = Int(fixture.ends.timeIntervalSince1970)
        let web = try await domain.server("entry", "show", "-entryID", SPIREFixture.webEntry, "-output", "json")
            .check().output
        for member in [
            #""parent_id":{"path":"/node","trust_domain":"adopted.test"}"#, #""x509_svid_ttl":1800"#,
            #""jwt_svid_ttl":240"#, #""federates_with":["partner.test"]"#, #""hint":"main""#,
            #""dns_names":["web.example.org","a.example.org"]"#, #""revision_number":"3""#,
            #""expires_at":"\#(end)""#, #""created_at":"\#(Int(fixture.issued.timeIntervalSince1970))""#,
            #""selectors":[{"type":"unix","value":"uid:\#(getuid())"}]"#, #""jwt_svid_include_jti":true"#,
        ] {
            #expect(web.contains(member), "\(web)")
        }
        let db = try await domain.server("entry", "show", "-entryID", "db").check().output
        for text in ["Downstream              : true", "Admin                   : true", "unix:path:/usr/bin/db"] {
            #expect(db.contains(text))
        }
        let agents = try await domain.server("agent", "list").check().output
        #expect(agents.contains("Found 2 attested agents:"))
        #expect(agents.contains("Serial number     : \(SPIREFixture.agentSerial)"))
        let banned = try await domain.server("agent", "show", "-spiffeID", SPIREFixture.bannedID).check().output
        for text in ["Banned            : true", "Can re-attest     : true", "x509pop:subject:cn:box"] {
            #expect(banned.contains(text), "\(banned)")
        }
        let federation = try await domain.server("federation", "list").check().output
        for text in [
            "Found 1 federation relationship\n", "https://127.0.0.1:9/",
            "Endpoint SPIFFE ID        : spiffe://partner.test/spire/server",
        ] {
            #expect(federation.contains(text))
        }
    }

    /// What SPIRE's agent keeps in its data folder.
    private func writeAgentData(_ fixture: SPIREFixture) throws {
        try domain.writeAgentConfiguration()
        let svid = try fixture.agentSVID()
        func element(_ pem: String) -> String { Data(pem.utf8).base64EncodedString() }
        let files = [
            "agent-data.json":
                #"{"svid":["\#(element(try svid.certificatesPEM))"],"bundle":["\#(element(try fixture.active.rootPEM))"],"reattestable":false}"#,
            "keys.json":
                #"{"keys":{"agent-svid-A":"\#(try svid.keyPEM.split(separator: "\n").dropFirst().dropLast().joined())"}}"#,
        ]
        try FileManager.default.createDirectory(
            atPath: domain.folder.path("agent-data"), withIntermediateDirectories: false)
        for (name, text) in files {
            try text.write(toFile: domain.folder.path("agent-data/\(name)"), atomically: true, encoding: .utf8)
        }
        try fixture.active.rootPEM.write(toFile: domain.folder.path("bootstrap.pem"), atomically: true, encoding: .utf8)
    }

    // MARK: - Refusals

    @Test("a database that a server has open, or did not close, is not read")
    func wantsAStoppedServer() async throws {
        try domain.writeServerConfiguration()
        let old = try await StoppedSPIREServer(try SPIREFixture(), .sqlite)
        let user = try old.open(logging: domain.folder.path("user.log"))
        try await user.line("open")

        let inUse = try await adopt(old, "-write")
        await user.stop(SIGKILL)
        try old.addSideFile()
        let killed = try await adopt(old, "-write")

        #expect(inUse.exitCode == 1)
        #expect(inUse.errors.contains("is in use by process \(user.processID); stop the SPIRE server"))
        #expect(killed.exitCode == 1)
        #expect(killed.errors.contains("start it once more and stop it"))
        #expect(!FileManager.default.fileExists(atPath: domain.folder.path("keys.json")))
    }

    @Test("what cannot be taken is named with the reason, and nothing is taken before the loss is accepted")
    func namesLosses() async throws {
        try domain.writeServerConfiguration()
        let old = try await StoppedSPIREServer(try SPIREFixture(), .sqlite)
        try await old.execute(
            """
            UPDATE registered_entries SET spiffe_id = 'spiffe://elsewhere.test/db' WHERE entry_id = 'db';
            ALTER TABLE registered_entries ADD COLUMN colour varchar(255);
            """)

        let refused = try await adopt(old, "-write")
        let accepted = try await adopt(old, "-write", "-acceptLosses").check()

        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("not everything can be taken"))
        for output in [refused.output, accepted.output] {
            #expect(output.contains("Registration entries      : 2 of 3\n"))
            #expect(output.contains("  entry db (spiffe://elsewhere.test/db): invalid spiffe ID: "))
            #expect(output.contains("  registered_entries.colour: not known to this version\n"))
        }
    }

    @Test("keys of another server in keys_path stay, and nothing is taken beside them")
    func keepsOtherKeys() async throws {
        try domain.writeServerConfiguration()
        let old = try await StoppedSPIREServer(try SPIREFixture(), .sqlite)
        let others = try SPIREFixture().keyFile
        try others.write(toFile: domain.folder.path("keys.json"), atomically: true, encoding: .utf8)

        for flags in [[], ["-write"]] {
            let refused = try await domain.command(
                "spire-server", ["adopt", "-config", "conf/server.conf"] + old.flags + flags)
            #expect(refused.exitCode == 1)
            #expect(refused.errors.contains("holds other keys; name another keys_path"))
        }
        #expect(try String(contentsOfFile: domain.folder.path("keys.json"), encoding: .utf8) == others)
        #expect(!FileManager.default.fileExists(atPath: domain.folder.path("datastore.sqlite3")))
    }

    @Test("a server on a SPIRE database names the command that takes it over")
    func pointsToTheCommand() async throws {
        let old = try await StoppedSPIREServer(try SPIREFixture(), .sqlite)
        try domain.writeServerConfiguration()
        let configuration = try String(contentsOfFile: domain.folder.path("conf/server.conf"), encoding: .utf8)
        try configuration.replacing(domain.folder.path("datastore.sqlite3"), with: old.databasePath)
            .write(toFile: domain.folder.path("conf/server.conf"), atomically: true, encoding: .utf8)

        let server = try RunningProgram(
            domain.folder.path("spire-server"), ["run", "-config", "conf/server.conf"], in: domain.folder.path,
            log: domain.folder.path("server.log"))

        #expect(await server.exit() == 1)
        #expect(server.log.contains("comity server adopt"))
    }
}
