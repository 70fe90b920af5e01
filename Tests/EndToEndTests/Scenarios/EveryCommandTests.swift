// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Every command of the executable once against a running server and agent: its exit code and the shape of its answer.
@Suite struct EveryCommandTests {
    private static let pem = "(-----BEGIN CERTIFICATE-----\n.+-----END CERTIFICATE-----\n)"
    private static let block = "Entry ID                : e1\nSPIFFE ID               : spiffe://one\\.test/web\n.*\n\n"
    private static let id = "[0-9a-f]{8}-[0-9a-f-]{27}"
    private static let web =
        "-parentID spiffe://one.test/node -spiffeID=spiffe://one.test/web --selector unix:uid:\(getuid())"
    private static let relationship =
        "-trustDomain three.test -bundleEndpointProfile https_spiffe "
        + "-endpointSpiffeID spiffe://one.test/spire/server -bundleEndpointURL"

    private static let bundles: [CommandStep] = [
        .server("validate", "-config conf/server.conf", "SPIRE server configuration file is valid\\.\n", errors: ".*"),
        .server("healthcheck", "", "Server is healthy\\.\n"),
        .server("healthcheck", "-verbose", "Checking server health\\.\\.\\.\nServer is healthy\\.\n"),
        .server("bundle show", "", pem),
        .server("bundle show", "-format spiffe", "\\{\n    \"keys\": \\[\n.+\\}\n"),
        .server("bundle show", "-output json", #"\{"jwt_authorities":\[.+"trust_domain":"one\.test".+\]\}\n"#),
        .server(
            "bundle set", "-id two.test -path two.pem", "bundle set\\.\n", errors: "warning: nothing .+\nhint: .+\n"),
        .server("bundle set", "--id=two.test", exits: 1, errors: "Error: empty bundle on stdin .+\n"),
        .server("bundle list", "", "\\*{40}\n\\* two\\.test\n\\*{40}\n\(pem)"),
        .server("bundle list", "-id spiffe://two.test", pem),
        .server("bundle list", "-output=json", #"\{"bundles":\[\{.+\}\],"next_page_token":""\}\n"#),
        .server("bundle count", "", "2 bundles\n"),
        .server("bundle count", "-output json", "\\{\"count\":2\\}\n"),
    ]

    private static let entries: [CommandStep] = [
        .server("entry create", "-entryID e1 \(web) -federatesWith two.test -downstream=false", block),
        .server(
            "entry create", "\(web)", exits: 1,
            errors: "Failed to create the following entry \\(code: AlreadyExists, msg: .+Error: failed to create .+\n"),
        .server("entry create", "\(web) -output json", #"\{"results":\[\{"entry":.+"status":\{"code":6,.+\n"#),
        .server("entry update", "-entryID e1 \(web) -federatesWith two.test -hint h", "\(block)"),
        .server("entry update", "-entryID none \(web)", exits: 1, errors: "Failed to update .+NotFound.+"),
        .server("entry show", "-entryID e1", "Found 1 entry\n.+Hint                    : h\n\n"),
        .server(
            "entry show", "-federatesWith two.test -output json", #"\{"entries":\[\{.+\],"next_page_token":""\}\n"#),
        .server(
            "entry show", "-entryID none", exits: 1, errors: "Error: error fetching entry ID none: rpc error: .+\n"),
        .server("entry count", "-hint h", "1 registration entry\n"),
        .server("bundle delete", "-id two.test", exits: 1, errors: "Error: .+federated with 1 registration entries\n"),
        .server("bundle delete", "-id two.test -mode dissociate", "bundle deleted\\.\n"),
        .server("entry show", "-federatesWith two.test", "Found 0 entries\n"),
    ]

    private static let authorities: [CommandStep] = ["x509", "jwt"].flatMap { kind -> [CommandStep] in
        let name = kind == "x509" ? "X\\.509" : "JWT"
        let found = "  Authority ID: (\\w+)\n  Expires at: .+\n"
        return [
            .server("localauthority \(kind) prepare", "", "Prepared \(name) authority:\n\(found)", keeps: kind),
            .server(
                "localauthority \(kind) show", "",
                "Active .+\nPrepared .+ID: {\(kind)}.+No old \(name) authority found\n"),
            .server(
                "localauthority \(kind) activate", "-authorityID {\(kind)}", "Activated \(name) authority:\n\(found)"),
            .server("localauthority \(kind) show", "-output json", #"\{"active":\{.+\},"old":\{.+\}\}\n"#),
            .server("localauthority \(kind) activate", "", exits: 1, errors: "Error: an authority ID is required\n"),
            .server(
                "localauthority \(kind) taint", "-authorityID {\(kind)}", exits: 1, errors: "Error: .+Unimplemented.+"),
            .server(
                "localauthority \(kind) revoke", "-authorityID {\(kind)}", exits: 1, errors: "Error: .+Unimplemented.+"),
        ]
    }

    private static let minting: [CommandStep] = [
        .server("token generate", "-ttl 60", "Token: \(id)\nWarning: Missing SPIFFE ID\\.\n\n"),
        .server("token generate", "-output json", #"\{"expires_at":"\d+","value":".+"\}\n"#),
        .server(
            "token generate", "-ttl soon", exits: 1, errors: "invalid value \"soon\" for flag -ttl: parse error\n.+"),
        .server(
            "x509 mint", "-spiffeID spiffe://one.test/m -dns a.test",
            "X509-SVID:\n\(pem)\nPrivate key:\n-----BEGIN PRIVATE KEY-----.+\nRoot CAs:\n\(pem)\n"),
        .server("x509 mint", "-spiffeID spiffe://one.test/m -write .", "X509-SVID written to svid\\.pem\n.+"),
        .server("x509 mint", "-spiffeID spiffe://one.test/m -output json", #"\[\{"private_key":".+"\]\}\]\n"#),
        .server("jwt mint", "-spiffeID spiffe://one.test/m -audience a", "([\\w-]+\\.[\\w-]+\\.[\\w-]+)\n"),
        .server("jwt mint", "-spiffeID spiffe://one.test/m -audience a -write m.jwt", "JWT-SVID written to m\\.jwt\n"),
        .server("jwt mint", "-spiffeID spiffe://one.test/m", exits: 1, errors: "Error: at least one audience .+\n"),
    ]

    private static func federation(_ url: String) -> [CommandStep] {
        let block =
            "Trust domain              : three\\.test\nBundle endpoint URL       : .+\n"
            + "Bundle endpoint profile   : https_spiffe\nEndpoint SPIFFE ID        : spiffe://one\\.test/spire/server\n"
        return [
            .server(
                "federation create", "\(relationship) https://u:p@localhost/", exits: 1,
                errors: "Error: .+user info\n.+"),
            .server("federation create", "\(relationship) https://localhost:1/", "\n\(block)"),
            .server("federation update", "\(relationship) \(url)", "\n\(block)"),
            .server("federation refresh", "-id three.test", "Bundle refreshed\n"),
            .server("federation refresh", "-id three.test -output json", "\\{\"code\":0,\"message\":\"OK\"\\}\n"),
            .server("federation refresh", "-id none.test", exits: 1, errors: "Error: there is no federation .+\n"),
            .server("federation list", "", "Found 1 federation relationship\n\n\(block)Configured by .+"),
            .server(
                "federation list", "-output json", #"\{"federation_relationships":\[\{.+\],"next_page_token":""\}\n"#),
            .server("federation show", "-trustDomain three.test", "Found a federation .+ three\\.test:\n\n\(block).+"),
            .server(
                "federation show", "-trustDomain none.test", exits: 1, errors: "Error: error showing .+NotFound.+\n"),
            .server("federation delete", "-id three.test", "federation relationship deleted\\.\n"),
            .server("federation delete", "-id three.test", exits: 1, errors: "Error: failed to delete .+\n"),
        ]
    }

    private static let workloads: [CommandStep] = [
        .agent("validate", "-config conf/agent.conf", "SPIRE agent configuration file is valid\\.\n"),
        .agent("healthcheck", "", "Agent is healthy\\.\n"),
        .agent("api fetch", "", "Received 1 svid after .+\n\nSPIFFE ID:\t\tspiffe://one\\.test/web\n.+"),
        .agent("api fetch x509", "-silent -write .", "Writing SVID #0 to file svid\\.0\\.pem\\.\n.+"),
        .agent("api fetch x509", "-output json", #"\{"crl":\[\],"federated_bundles":\{\},"svids":\[\{.+\}\]\}\n"#),
        .agent(
            "api fetch jwt", "-audience a,b", "token\\(spiffe://one\\.test/web\\):\n\t(\\S+)\n.*bundle\\(.+",
            keeps: "token"),
        .agent("api fetch jwt", "-audience a -output json", #"\[\{"svids":\[.+\]\},\{"bundles":\{.+\}\}\]\n"#),
        .agent(
            "api fetch jwt", "-audience a -spiffeID spiffe://one.test/no", exits: 1, errors: "rpc error: .+\nhint: .+\n"
        ),
        .agent(
            "api validate jwt", "-audience b -svid {token}", "SVID is valid\\.\nSPIFFE ID : spiffe://one\\.test/web\n.+"
        ),
        .agent("api validate jwt", "-audience c -svid {token}", exits: 1, errors: "SVID is not valid: .+\n"),
    ]

    private static let inspections: [CommandStep] = [
        .inspect("id", "spiffe://one.test/web", exits: 0, "SPIFFE ID\n.+valid: .+\n"),
        .inspect("x509", "-bundle bundle.0.pem svid.0.pem", exits: 0, "X509-SVID\n.+: valid: .+\n"),
        .inspect("x509", "-bundle two.pem svid.0.pem -output json", exits: 1, #"\{.+"valid":false\}\n"#),
        .inspect("jwt", "m.jwt", exits: 0, "JWT-SVID\n.+not checked: .+\n"),
        .inspect("bundle", "two.pem", exits: 0, "Bundle\n.+: valid: .+\n"),
    ]

    private static let endings: [CommandStep] = [
        .server("entry delete", "-entryID e1", "Deleted entry with ID: e1\n\n\nDeleted 1 entries successfully\n"),
        .server(
            "entry delete", "-entryID e1", exits: 1, "\n\nFailed to delete 1 entries\n",
            errors: "Failed .+\nError: .+\n"),
        .server("agent list", "", "Found 1 attested agent:\n\nSPIFFE ID         : (\\S+)\n.+", keeps: "agent"),
        .server("agent list", "-banned=false -expiresBefore never", exits: 1, errors: "Error: date is not valid: .+\n"),
        .server("agent count", "-canReattest=false", "1 attested agent\n"),
        .server("agent show", "-spiffeID {agent}", "Found an attested agent given its SPIFFE ID\n\n.+"),
        .server("agent ban", "-spiffeID {agent}", "Agent banned successfully\n"),
        .server("agent list", "-banned", "Found 1 attested agent:\n.+Banned            : true\n.+"),
        .server("agent evict", "-spiffeID {agent} -output json", "\\{\\}\n"),
        .server("agent evict", "-spiffeID {agent}", exits: 1, errors: "Error: rpc error: code = NotFound .+\n"),
    ]

    @Test("every command answers with its exit code and shape", .timeLimit(.minutes(2)))
    func answers() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        try domain.writeAgentConfiguration()
        try TestCA("two.test").rootPEM.write(toFile: domain.folder.path("two.pem"), atomically: true, encoding: .utf8)
        let server = try await domain.startServer()
        let agent = try await domain.startAgent()
        defer { withExtendedLifetime((server, agent)) {} }
        var kept: [String: String] = [:]

        let first =
            Self.bundles + Self.entries + Self.authorities + Self.minting
            + Self.federation(domain.bundleEndpointURL)
        for step in first { try await step.run(in: domain, &kept) }
        _ = try await domain.fetchFiles(with: "spiffe://one.test/web")
        try await watch(domain)
        let last = Self.workloads + Self.inspections + Self.endings
        for step in last { try await step.run(in: domain, &kept) }

        // Those that go on: started above.
        let running: Set = ["spire-server run", "spire-agent run", "spire-agent api watch"]
        let asked = Set((first + last).map { "\($0.program) \($0.words)" }).union(running)
        for program in ["spire-server", "spire-agent"] {
            let missing = try await commands(of: program, [], domain).filter { !asked.contains($0) }
            #expect(missing.isEmpty, "no step asks \(missing)")
        }
        let inspections = try await commands(of: "comity", ["inspect"], domain)
        #expect(Set(inspections).isSubset(of: asked))
    }

    private func watch(_ domain: Deployment) async throws {
        let watching = try RunningProgram(
            domain.folder.path("spire-agent"), ["api", "watch", "-socketPath", domain.agentSocket],
            in: domain.folder.path, log: domain.folder.path("watch.log"))
        try await watching.line("SPIFFE ID:\t\tspiffe://one.test/web")
        await watching.stop()
    }

    /// Every command that a program lists in its help, by all its words.
    private func commands(of program: String, _ words: [String], _ domain: Deployment) async throws -> [String] {
        let help = try await domain.command(program, words + ["-h"]).check().output
        guard let list = help.split(separator: "Available commands are:\n").dropFirst().first else {
            return [([program] + words).joined(separator: " ")]
        }
        let names = list.split(separator: "\n").filter { $0.hasPrefix("    ") }.compactMap {
            $0.split(separator: " ").first
        }
        try #require(!names.isEmpty)
        var result: [String] = []
        for name in names { result += try await commands(of: program, words + [String(name)], domain) }
        return result
    }
}
