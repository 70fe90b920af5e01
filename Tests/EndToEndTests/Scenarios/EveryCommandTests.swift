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

    private static let bundles: [CommandStep] = [
        .init(
            .server, "validate", "-config conf/server.conf", "SPIRE server configuration file is valid\\.\n",
            errors: ".*"),
        .init(.server, "healthcheck", "", "Server is healthy\\.\n"),
        .init(.server, "healthcheck", "-verbose", "Checking server health\\.\\.\\.\nServer is healthy\\.\n"),
        .init(.server, "bundle show", "", pem),
        .init(.server, "bundle show", "-format spiffe", "\\{\n    \"keys\": \\[\n.+\\}\n"),
        .init(.server, "bundle show", "-output json", #"\{"jwt_authorities":\[.+"trust_domain":"one\.test".+\]\}\n"#),
        .init(
            .server, "bundle set", "-id two.test -path two.pem", "bundle set\\.\n",
            errors: "warning: nothing .+\nhint: .+\n"),
        .init(.server, "bundle set", "--id=two.test", exits: 1, errors: "Error: empty bundle on stdin .+\n"),
        .init(.server, "bundle list", "", "\\*{40}\n\\* two\\.test\n\\*{40}\n\(pem)"),
        .init(.server, "bundle list", "-id spiffe://two.test", pem),
        .init(.server, "bundle list", "-output=json", #"\{"bundles":\[\{.+\}\],"next_page_token":""\}\n"#),
        .init(.server, "bundle count", "", "2 bundles\n"),
        .init(.server, "bundle count", "-output json", "\\{\"count\":2\\}\n"),
    ]

    private static let backups: [CommandStep] = [
        .init(
            .server, "backup", "-config conf/server.conf -path one.backup",
            "Backup of one\\.test written to one\\.backup: database and keys\\.\n"),
        .init(.server, "backup", "-config conf/server.conf", exits: 1, errors: "Error: -path is required: .+\n"),
        .init(
            .server, "restore", "-config conf/server.conf -path two.pem", exits: 1,
            errors: "Error: \"two\\.pem\" is not a sound backup of .+\n"),
        .init(
            .server, "restore", "-config conf/server.conf -path one.backup", exits: 1,
            errors: "Error: database \".+\" is in use by process \\d+; stop it or name the configuration of .+\n"),
    ]

    private static let entries: [CommandStep] = [
        .init(.server, "entry create", "-entryID e1 \(web) -federatesWith two.test -downstream=false", block),
        .init(
            .server, "entry create", "\(web)", exits: 1,
            errors: "Failed to create the following entry \\(code: AlreadyExists, msg: .+Error: failed to create .+\n"),
        .init(.server, "entry create", "\(web) -output json", #"\{"results":\[\{"entry":.+"status":\{"code":6,.+\n"#),
        .init(.server, "entry update", "-entryID e1 \(web) -federatesWith two.test -hint h", "\(block)"),
        .init(.server, "entry update", "-entryID none \(web)", exits: 1, errors: "Failed to update .+NotFound.+"),
        .init(.server, "entry show", "-entryID e1", "Found 1 entry\n.+Hint                    : h\n\n"),
        .init(
            .server, "entry show", "-federatesWith two.test -output json",
            #"\{"entries":\[\{.+\],"next_page_token":""\}\n"#),
        .init(
            .server, "entry show", "-entryID none", exits: 1,
            errors: "Error: error fetching entry ID none: rpc error: .+\n"),
        .init(.server, "entry count", "-hint h", "1 registration entry\n"),
        .init(
            .server, "bundle delete", "-id two.test", exits: 1,
            errors: "Error: .+federated with 1 registration entries\n"),
        .init(.server, "bundle delete", "-id two.test -mode dissociate", "bundle deleted\\.\n"),
        .init(.server, "entry show", "-federatesWith two.test", "Found 0 entries\n"),
    ]

    private static let authorities: [CommandStep] = ["x509", "jwt"].flatMap { kind -> [CommandStep] in
        let name = kind == "x509" ? "X\\.509" : "JWT"
        let found = "  Authority ID: (\\w+)\n  Expires at: .+\n"
        let inactive = "Active .+\nPrepared .+ID: {\(kind)}.+No old \(name) authority found\n"
        let step = { (verb: String, flags: String, done: String) in
            CommandStep(.server, "localauthority \(kind) \(verb)", flags, "\(done) \(name) authority:\n\(found)")
        }
        return [
            .init(.server, "localauthority \(kind) prepare", "", "Prepared \(name) authority:\n\(found)", keeps: kind),
            .init(.server, "localauthority \(kind) show", "", inactive),
            step("activate", "-authorityID {\(kind)}", "Activated"),
            .init(
                .server, "localauthority \(kind) show", "-output json",
                #"\{"active":\{.+\},"old":\{"authority_id":"(\w+)".+\}\}\n"#, keeps: "old-\(kind)"),
            .init(
                .server, "localauthority \(kind) activate", "", exits: 1, errors: "Error: an authority ID is required\n"
            ),
            .init(
                .server, "localauthority \(kind) taint", "-authorityID {\(kind)}", exits: 1,
                errors: "Error: could not taint .+\n"),
            step("taint", "-authorityID {old-\(kind)}", "Tainted"),
            step("revoke", "-authorityID {old-\(kind)}", "Revoked"),
        ]
    }

    private static let upstream: [CommandStep] = ["taint", "revoke"].map { verb in
        .init(
            .server, "upstreamauthority \(verb)", "-subjectKeyID 00", exits: 1,
            errors: "Error: could not \(verb) X\\.509 upstream authority: .+upstream authority is not configured\n")
    }

    private static let minting: [CommandStep] = [
        .init(.server, "token generate", "-ttl 60", "Token: \(id)\nWarning: Missing SPIFFE ID\\.\n\n"),
        .init(.server, "token generate", "-output json", #"\{"expires_at":"\d+","value":".+"\}\n"#),
        .init(
            .server, "token generate", "-ttl soon", exits: 1,
            errors: "invalid value \"soon\" for flag -ttl: parse error\n.+"),
        .init(
            .server, "x509 mint", "-spiffeID spiffe://one.test/m -dns a.test",
            "X509-SVID:\n\(pem)\nPrivate key:\n-----BEGIN PRIVATE KEY-----.+\nRoot CAs:\n\(pem)\n"),
        .init(.server, "x509 mint", "-spiffeID spiffe://one.test/m -write .", "X509-SVID written to svid\\.pem\n.+"),
        .init(.server, "x509 mint", "-spiffeID spiffe://one.test/m -output json", #"\[\{"private_key":".+"\]\}\]\n"#),
        .init(.server, "jwt mint", "-spiffeID spiffe://one.test/m -audience a", "([\\w-]+\\.[\\w-]+\\.[\\w-]+)\n"),
        .init(
            .server, "jwt mint", "-spiffeID spiffe://one.test/m -audience a -write m.jwt",
            "JWT-SVID written to m\\.jwt\n"),
        .init(
            .server, "jwt mint", "-spiffeID spiffe://one.test/m", exits: 1, errors: "Error: at least one audience .+\n"),
    ]

    private static func federation(_ partner: Deployment) -> [CommandStep] {
        let block =
            "Trust domain              : three\\.test\nBundle endpoint URL       : .+\n"
            + "Bundle endpoint profile   : https_spiffe\nEndpoint SPIFFE ID        : spiffe://three\\.test/spire/server\n"
        let flags =
            "-trustDomain three.test -bundleEndpointProfile https_spiffe "
            + "-endpointSpiffeID spiffe://three.test/spire/server -bundleEndpointURL"
        let bundle = "-trustDomainBundlePath three.json -trustDomainBundleFormat spiffe"
        return [
            .init(
                .server, "federation create", "\(flags) https://u:p@localhost/", exits: 1,
                errors: "Error: .+user info\nhint: .+"
            ),
            .init(.server, "federation create", "\(flags) https://localhost:1/ \(bundle)", "\n\(block)"),
            .init(.server, "federation update", "\(flags) \(partner.bundleEndpointURL)", "\n\(block)"),
            .init(.server, "federation refresh", "-id three.test", "Bundle refreshed\n"),
            .init(
                .server, "federation refresh", "-id three.test -output json", "\\{\"code\":0,\"message\":\"OK\"\\}\n"),
            .init(
                .server, "federation refresh", "-id none.test", exits: 1, errors: "Error: there is no federation .+\n"),
            .init(.server, "federation list", "", "Found 1 federation relationship\n\n\(block)Configured by .+"),
            .init(
                .server, "federation list", "-output json",
                #"\{"federation_relationships":\[\{.+\],"next_page_token":""\}\n"#),
            .init(
                .server, "federation show", "-trustDomain three.test",
                "Found a federation .+ three\\.test:\n\n\(block).+"),
            .init(
                .server, "federation show", "-trustDomain none.test", exits: 1,
                errors: "Error: error showing .+NotFound.+\n"),
            .init(
                .server, "federation delete", "-id three.test", "federation relationship deleted\\.\n",
                errors: "warning: the bundle of three\\.test is kept.+\nhint: spire-server bundle delete -id .+\n"),
            .init(.server, "federation delete", "-id three.test", exits: 1, errors: "Error: failed to delete .+\n"),
            .init(.server, "bundle list", "-id three.test", pem),
            .init(.server, "federation create", "\(flags) https://localhost:1/ \(bundle)", "\n\(block)"),
            .init(
                .server, "federation delete", "-id three.test -deleteBundle",
                "federation relationship deleted\\.\nbundle deleted\\.\n"),
            .init(
                .server, "bundle list", "-id three.test", exits: 1, errors: "Error: .+NotFound.+\n"),
            .init(.server, "federation create", "\(flags) https://localhost:1/ \(bundle)", "\n\(block)"),
            .init(
                .server, "federation delete", "-id three.test -deleteBundle -output json",
                #"\[\{"results":\[\{"status":\{"code":0,.+\]\},\{"results":\[\{"status":\{"code":0,.+\]\}\]\n"#),
        ]
    }

    private static let workloads: [CommandStep] = [
        .init(.agent, "validate", "-config conf/agent.conf", "SPIRE agent configuration file is valid\\.\n"),
        .init(.agent, "healthcheck", "", "Agent is healthy\\.\n"),
        .init(.agent, "api fetch", "", "Received 1 svid after .+\n\nSPIFFE ID:\t\tspiffe://one\\.test/web\n.+"),
        .init(.agent, "api fetch x509", "-silent -write .", "Writing SVID #0 to file svid\\.0\\.pem\\.\n.+"),
        .init(
            .agent, "api fetch x509", "-output json", #"\{"crl":\[\],"federated_bundles":\{\},"svids":\[\{.+\}\]\}\n"#),
        .init(
            .agent, "api fetch jwt", "-audience a,b", "token\\(spiffe://one\\.test/web\\):\n\t(\\S+)\n.*bundle\\(.+",
            keeps: "token"),
        .init(.agent, "api fetch jwt", "-audience a -output json", #"\[\{"svids":\[.+\]\},\{"bundles":\{.+\}\}\]\n"#),
        .init(
            .agent, "api fetch jwt", "-audience a -spiffeID spiffe://one.test/no", exits: 1,
            errors: "rpc error: .+\nhint: .+\n"
        ),
        .init(
            .agent, "api validate jwt", "-audience b -svid {token}",
            "SVID is valid\\.\nSPIFFE ID : spiffe://one\\.test/web\n.+"
        ),
        .init(.agent, "api validate jwt", "-audience c -svid {token}", exits: 1, errors: "SVID is not valid: .+\n"),
    ]

    private static func logger(_ program: CommandStep.Program) -> [CommandStep] {
        let levels = { (current: String) in "Logger Level : \(current)\nLaunch Level : debug\n\n" }
        return [
            .init(program, "logger get", "", levels("debug")),
            .init(program, "logger set", "-level WARN", levels("warning")),
            .init(
                program, "logger get", "-output json", #"\{"current_level":"WARN","launch_level":"DEBUG"\}\n"#),
            .init(program, "logger set", "", exits: 1, errors: "(Error: )?a value \\(-level\\) must be set\n.*"),
            .init(
                program, "logger set", "-level loud", exits: 1,
                errors: "(Error: )?the value \"loud\" is not a valid setting\nhint: .+panic, fatal, error.+\n.*"),
            .init(program, "logger reset", "", levels("debug")),
        ]
    }

    private static let chain =
        "    ID         : spiffe://one\\.test/spire/.+\n    Subject    : .*O=SPIRE.+Expires at : .+ UTC\n"

    private static let states: [CommandStep] = [
        .init(
            .server, "debug getinfo", "",
            "Server Debug Info:\n  Uptime               : \\d.+Registered Agents    : 1\n.+Entries : \\d+\n.+\(chain).+"
        ),
        .init(
            .server, "debug getinfo", "-output json",
            #"\{"agents_count":1,"entries_count":\d+,"federated_bundles_count":1,"svid_chain":\[\{.+\],"uptime":\d+\}\n"#
        ),
        .init(
            .agentAdmin, "debug getinfo", "",
            "Agent Debug Info:\n.+Last Sync Success    : .+ UTC\n  Cached X.509 SVIDs   : \\d+\n.+\(chain).+"),
        .init(
            .agentAdmin, "debug getinfo", "-output json",
            #"\{"cached_jwt_svids_count":\d+,"cached_svidstore_x509_svids_count":0,.+"last_sync_success":"\d+".+\}\n"#),
    ]

    private static let inspections: [CommandStep] = [
        .init(.comity, "inspect id", "spiffe://one.test/web", exits: 0, "SPIFFE ID\n.+valid: .+\n"),
        .init(.comity, "inspect x509", "-bundle bundle.0.pem svid.0.pem", exits: 0, "X509-SVID\n.+: valid: .+\n"),
        .init(.comity, "inspect x509", "-bundle two.pem svid.0.pem -output json", exits: 1, #"\{.+"valid":false\}\n"#),
        .init(.comity, "inspect jwt", "m.jwt", exits: 0, "JWT-SVID\n.+not checked: .+\n"),
        .init(.comity, "inspect bundle", "two.pem", exits: 0, "Bundle\n.+: valid: .+\n"),
        .init(
            .comity, "federation manifest", "--from two.pem -trustDomain two.test",
            "# two\\.test, from \"two\\.pem\"\n.+kind: ClusterFederatedTrustDomain\n.+",
            errors: "warning: nothing will refresh .+\n.+\nhint: .+\n"),
        .init(.comity, "federation manifest", exits: 64, errors: "comity: error: from flag is required\nhint: .+\n"),
        .init(
            .comity, "manifests render", "--overlay kind --trust-domain one.test", "apiVersion: v1\n.+: one\\.test\n.+"),
        .init(
            .comity, "manifests render", "--overlay eks", exits: 64,
            errors: "comity: error: unknown overlay \"eks\"\nhint: use kind or openshift\n"),
    ]

    private static let endings: [CommandStep] = [
        .init(
            .server, "entry delete", "-entryID e1", "Deleted entry with ID: e1\n\n\nDeleted 1 entries successfully\n"),
        .init(
            .server, "entry delete", "-entryID e1", exits: 1, "\n\nFailed to delete 1 entries\n",
            errors: "Failed .+\nError: .+\n"),
        .init(.server, "agent list", "", "Found 1 attested agent:\n\nSPIFFE ID         : (\\S+)\n.+", keeps: "agent"),
        .init(
            .server, "agent list", "-banned=false -expiresBefore never", exits: 1,
            errors: "Error: date is not valid: .+\n"),
        .init(.server, "agent count", "-canReattest=false", "1 attested agent\n"),
        .init(.server, "agent show", "-spiffeID {agent}", "Found an attested agent given its SPIFFE ID\n\n.+"),
        .init(.server, "agent purge", "-expiredFor 0s", "No agents to purge\\.\n"),
        .init(.server, "agent purge", "-dryRun -output json", "\\{\"expired_agents\":\\[\\]\\}\n"),
        .init(.server, "agent ban", "-spiffeID {agent}", "Agent banned successfully\n"),
        .init(.server, "agent list", "-banned", "Found 1 attested agent:\n.+Banned            : true\n.+"),
        .init(.server, "agent evict", "-spiffeID {agent} -output json", "\\{\\}\n"),
        .init(.server, "agent evict", "-spiffeID {agent}", exits: 1, errors: "Error: rpc error: code = NotFound .+\n"),
    ]

    @Test("every command answers with its exit code and shape", .timeLimit(.minutes(2)))
    func answers() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        try domain.writeAgentConfiguration(agent: "admin_socket_path = \"\(domain.agentAdminSocket)\"")
        try TestCA("two.test").rootPEM.write(toFile: domain.folder.path("two.pem"), atomically: true, encoding: .utf8)
        let partner = try Deployment("three.test")
        try partner.writeServerConfiguration()
        let (server, other) = (try await domain.startServer(), try await partner.startServer())
        defer { withExtendedLifetime((server, other)) {} }
        try await partner.server("bundle", "show", "-format", "spiffe").check().output
            .write(toFile: domain.folder.path("three.json"), atomically: true, encoding: .utf8)
        var kept: [String: String] = [:]

        let first =
            Self.bundles + Self.backups + Self.entries + Self.authorities + Self.upstream + Self.minting
            + Self.federation(partner)
        for step in first { try await step.run(in: domain, &kept) }
        let agent = try await domain.startAgent()
        defer { withExtendedLifetime(agent) {} }
        _ = try await domain.fetchFiles(with: "spiffe://one.test/web")
        try await watch(domain)
        let last =
            Self.workloads + Self.states + Self.logger(.server) + Self.logger(.agentAdmin) + Self.inspections
            + Self.endings
        for step in last { try await step.run(in: domain, &kept) }

        // Those that go on were started above; what works on a stopped server has tests of its own.
        let elsewhere: Set = ["spire-server run", "spire-agent run", "spire-agent api watch", "spire-server adopt"]
        let asked = Set((first + last).map(\.command)).union(elsewhere)
        for program in ["spire-server", "spire-agent"] {
            let missing = try await commands(of: program, [], domain).filter { !asked.contains($0) }
            #expect(missing.isEmpty, "no step asks \(missing)")
        }
        for group in ["inspect", "federation", "manifests"] {
            let commands = try await commands(of: "comity", [group], domain)
            #expect(Set(commands).isSubset(of: asked))
        }
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
