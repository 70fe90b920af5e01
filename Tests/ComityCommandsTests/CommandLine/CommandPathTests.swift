// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testing

@testable import ComityCommands

@Suite struct CommandPathTests {
    /// Every command of SPIRE that is there, with the flags that its scripts use.
    @Test(arguments: [
        (
            "run",
            ["config", "dataDir", "bindAddress", "serverPort", "trustDomain", "socketPath", "logFile", "expandEnv"]
        ),
        ("validate", ["config", "logLevel", "logFormat", "logSourceLocation"]),
        ("healthcheck", ["socketPath", "shallow", "verbose"]),
        ("bundle show", ["format", "output", "instance"]),
        ("bundle list", ["id", "format"]),
        ("bundle set", ["id", "path", "format"]),
        ("bundle count", ["output"]),
        ("bundle delete", ["id", "mode"]),
        (
            "entry create",
            [
                "parentID", "spiffeID", "selector", "federatesWith", "dns", "x509SVIDTTL", "jwtSVIDTTL",
                "entryExpiry", "entryID", "hint", "node", "admin", "downstream", "storeSVID", "disableX509SVIDPrefetch",
                "jwtSVIDIncludeJTI", "data",
            ]
        ),
        ("entry update", ["entryID", "data"]),
        ("entry show", ["entryID", "matchSelectorsOn", "matchFederatesWithOn", "downstream", "hint"]),
        ("entry count", ["parentID", "matchSelectorsOn"]),
        ("entry delete", ["entryID", "file"]),
        (
            "federation create",
            [
                "trustDomain", "bundleEndpointURL", "bundleEndpointProfile", "endpointSpiffeID",
                "trustDomainBundlePath", "trustDomainBundleFormat", "data",
            ]
        ),
        ("federation update", ["trustDomain", "data"]),
        ("federation list", ["output"]),
        ("federation show", ["trustDomain"]),
        ("federation refresh", ["id"]),
        ("federation delete", ["id"]),
        ("upstreamauthority taint", ["subjectKeyID", "output"]), ("upstreamauthority revoke", ["subjectKeyID"]),
        ("localauthority x509 show", ["output"]),
        ("localauthority x509 prepare", ["output"]),
        ("localauthority x509 activate", ["authorityID"]),
        ("localauthority jwt activate", ["authorityID"]),
        ("agent list", ["selector", "matchSelectorsOn", "attestationType", "canReattest", "banned", "expiresBefore"]),
        ("agent show", ["spiffeID"]), ("agent evict", ["spiffeID"]), ("agent ban", ["spiffeID"]),
        ("agent count", ["banned"]),
        ("token generate", ["ttl", "spiffeID"]),
        ("x509 mint", ["spiffeID", "dns", "ttl", "write"]),
        ("jwt mint", ["spiffeID", "audience", "ttl", "write"]),
    ])
    func serverHasTheCommand(_ words: String, _ expected: [String]) throws {
        let path = CommandPath(
            words.split(separator: " ").map(String.init), of: ServerCommand.self, called: "spire-server")
        guard case .command(let type, _) = path.end else {
            Issue.record("\(words) is no command")
            return
        }
        let flags = DeclaredFlags(of: type)
        #expect(Set(expected).subtracting(flags.options).subtracting(flags.switches).isEmpty)
    }

    @Test(arguments: [
        ("api fetch", "agent api fetch"), ("api fetch x509 -write x", "agent api fetch x509"),
        ("api fetch jwt", "agent api fetch jwt"), ("api validate jwt", "agent api validate jwt"),
        ("api watch", "agent api watch"), ("run", "agent run"), ("healthcheck", "agent healthcheck"),
    ])
    func agentHasTheCommand(_ words: String, _ expected: String) {
        let path = CommandPath(
            (["agent"] + words.split(separator: " ").map(String.init)), of: ComityCommand.self, called: "comity")
        guard case .command = path.end else {
            Issue.record("\(words) is no command")
            return
        }
        #expect(path.words.joined(separator: " ") == "comity " + expected)
    }

    @Test func flagsAfterAGroupWithAStandardCommandAreItsOwn() {
        let path = CommandPath(["api", "fetch", "-silent"], of: AgentCommand.self, called: "spire-agent")
        guard case .command(let type, let arguments) = path.end else {
            Issue.record("api fetch is no command")
            return
        }
        #expect(type.configuration.commandName == "x509")
        #expect(arguments == ["-silent"])
    }

    @Test(arguments: [
        ("spire-server", "", 127), ("spire-server", "nonsense", 127), ("spire-server", "bundle", 1),
        ("spire-server", "localauthority x509 nonsense", 1), ("spire-server", "bundle show stray", 1),
        ("spire-server", "bundle show -nonsense", 1), ("spire-server", "-version", 0), ("spire-server", "-h", 0),
        ("spire-server", "bundle show -h", 0), ("spire-server", "bundle set", 1),
        ("spire-agent", "nonsense", 127), ("spire-agent", "api nonsense", 1), ("spire-agent", "run -serverPort x", 1),
        ("comity", "server bundle show -nonsense", 1), ("comity", "server nonsense", 127),
        ("comity", "server", 127), ("comity", "server bundle nonsense", 1), ("comity", "agent api", 1),
        ("comity", "", 64), ("comity", "nonsense", 64), ("comity", "inspect nonsense", 64),
        ("comity", "inspect id -nonsense", 64),
        ("comity", "inspect jwt /nowhere -at x", 64),
        ("comity", "inspect id spiffe://example.org/web", 0), ("comity", "inspect id spiffe://Example.org/web", 1),
    ])
    func endsWithTheCode(_ name: String, _ arguments: String, _ code: Int32) async {
        let words = arguments.split(separator: " ").map(String.init)
        #expect(await CommandLineProgram.run(["/usr/bin/\(name)"] + words) == code)
    }
}
