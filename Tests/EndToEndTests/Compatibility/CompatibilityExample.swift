// SPDX-License-Identifier: Apache-2.0

/// A configuration that `validate` likes, with one setting more.
struct CompatibilityExample {
    private typealias Part = (name: String, text: String)

    private static let server: [Part] = [
        ("trust_domain", "\"one.test\""), ("data_dir", "\"data\""),
    ]

    private static let agent: [Part] = [
        ("trust_domain", "\"one.test\""), ("server_address", "\"localhost\""), ("server_port", "8081"),
        ("insecure_bootstrap", "true"),
    ]

    private static let serverPlugins: [Part] = [
        ("DataStore \"sql\"", "database_type = \"sqlite3\" connection_string = \"d.sqlite3\""),
        ("KeyManager \"memory\"", ""), ("NodeAttestor \"join_token\"", ""),
    ]

    private static let agentPlugins: [Part] = [
        ("KeyManager \"memory\"", ""), ("NodeAttestor \"join_token\"", ""), ("WorkloadAttestor \"unix\"", ""),
    ]

    /// Of which there is one only.
    private static let single: Set<String> = ["DataStore", "KeyManager", "UpstreamAuthority"]

    /// `server` or `agent`.
    let program: String

    func text(using setting: CompatibilityNames.Setting) -> String {
        let text = setting.text ?? ""
        var keys = ""
        var plugins = ""
        var blocks = ""
        switch setting.kind {
        case .key:
            switch setting.path[0].split(separator: ".")[0] {
            case "server", "agent": keys = text
            case "plugins": plugins = text
            case let block: blocks = "\(block) {\n\(text)\n}\n"
            }
        case .plugin, .option:
            plugins = "\(setting.path[0]) \"\(setting.path[1])\" { plugin_data {\n\(text)\n} }"
        }
        return """
            \(program) {
            \(base(without: keys))
            \(keys)
            }
            plugins {
            \(basePlugins(without: plugins))
            \(plugins)
            }
            \(blocks)
            """
    }

    private func base(without keys: String) -> String {
        (program == "server" ? Self.server : Self.agent).filter { !keys.contains("\($0.name) =") }
            .map { "\($0.name) = \($0.text)" }.joined(separator: "\n")
    }

    private func basePlugins(without plugins: String) -> String {
        let single = program == "agent" ? Self.single.union(["NodeAttestor"]) : Self.single
        let type = plugins.split(separator: " ").first.map(String.init) ?? ""
        return (program == "server" ? Self.serverPlugins : Self.agentPlugins)
            .filter { part in
                !plugins.hasPrefix(part.name) && !(single.contains(type) && part.name.hasPrefix("\(type) "))
            }
            .map { "\($0.name) { plugin_data { \($0.text) } }" }.joined(separator: "\n")
    }
}
