// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import Testing

@Suite struct ServerPluginTests {
    private let sql = "DataStore \"sql\" { plugin_data { database_type = \"sqlite3\" connection_string = \"/d\" } }"
    private let memory = "KeyManager \"memory\" {}"

    private func faults(_ plugins: String) -> [String] {
        Fixture.serverFaults(Fixture.completeServer("", plugins: "plugins { \(plugins) }")).map {
            $0.replacing(#/server\.conf:\d+:\d+: error: /#, with: "")
        }
    }

    @Test(arguments: [
        (
            "KeyManager \"memory\" {}",
            ["plugin type \"DataStore\" constraint not satisfied: expected exactly 1 but got 0"]
        ),
        (
            "$sql KeyManager \"memory\" {} KeyManager \"disk\" { plugin_data { keys_path = \"/k\" } }",
            ["plugin type \"KeyManager\" constraint not satisfied: expected exactly 1 but got 2"]
        ),
        (
            "$sql KeyManager \"memory\" {} KeyManager \"memory\" {}",
            [
                "plugin type \"KeyManager\" constraint not satisfied: expected exactly 1 but got 2",
                "plugin \"KeyManager\"/\"memory\" declared more than once",
            ]
        ),
        ("$sql KeyManager \"disk\" {}", ["KeyManager \"disk\".keys_path must be configured"]),
        (
            "$sql KeyManager \"disk\" { plugin_data { key_path = \"/k\" keys_path = \"/k\" } }",
            ["plugin KeyManager \"disk\": unknown configurations detected: key_path\n    hint: did you mean keys_path?"]
        ),
        (
            "$sql KeyManager \"memory\" { plugin_cmd = \"/x\" plugin_checksum = \"ab\" }",
            ["KeyManager \"memory\".plugin_cmd is not supported yet\n    hint: remove it from the configuration"]
        ),
        (
            "$sql KeyManager \"memory\" { plugin_data {} plugin_data_file = \"/x\" }",
            [
                "only one of [plugin_data, plugin_data_file] can be used",
                "KeyManager \"memory\".plugin_data_file is not supported yet\n    hint: remove it from the configuration",
            ]
        ),
        (
            "$sql KeyManager \"memory\" { plugin_dat {} }",
            ["unknown configuration detected: KeyManager \"memory\": plugin_dat\n    hint: did you mean plugin_data?"]
        ),
        (
            "$sql KeyManager \"memory\" {} UpstreamAuthority \"vault\" {}",
            ["plugin UpstreamAuthority \"vault\" is not supported yet; supported: disk, spire"]
        ),
        (
            "$sql KeyManager \"memory\" {} UpstreamAuthority \"disk\" { plugin_data { cert_file_pth = \"/c\" key_file_path = \"/k\" } }",
            [
                "UpstreamAuthority \"disk\".cert_file_path must be configured",
                "unknown configuration detected: UpstreamAuthority \"disk\": cert_file_pth\n    hint: did you mean cert_file_path?",
            ]
        ),
        (
            "$sql KeyManager \"memory\" {} UpstreamAuthority \"spire\" {}",
            [
                "UpstreamAuthority \"spire\".server_address must be configured",
                "UpstreamAuthority \"spire\".server_port must be configured",
                "UpstreamAuthority \"spire\".workload_api_socket must be configured",
            ]
        ),
        (
            "$sql KeyManager \"memory\" {} BundlePublisher \"aws_s3\" {} BundlePublisher \"file\" { plugin_data { path = \"/b\" } }",
            [
                "plugin BundlePublisher \"aws_s3\" is not supported yet; supported: file, k8s_configmap",
                "BundlePublisher \"file\".format must be configured; one of [spiffe, jwks, pem]",
            ]
        ),
        (
            "KeyManager \"memory\" {} DataStore \"sql\" { plugin_data { database_type \"aws_postgres\" {} connection_string = \"x\" } }",
            [
                """
                database type "aws_postgres" is not supported yet; supported: sqlite3, postgres
                    hint: set database_type = "postgres" and a user with a password in connection_string
                """
            ]
        ),
        (
            "KeyManager \"memory\" {} DataStore \"sql\" { plugin_data { database_type = \"mysql\" connection_string = \"x\" } }",
            [
                """
                database type "mysql" is not supported; supported: sqlite3, postgres
                    hint: set database_type = "postgres" for many servers or "sqlite3" for one, and carry the entries over \
                with "spire-server entry show -output json" and "comity server entry create -data FILE"
                """
            ]
        ),
        (
            "KeyManager \"memory\" {} DataStore \"sql\" { plugin_data {} }",
            ["database_type must be set", "connection_string must be set"]
        ),
    ])
    func saysWhatIsWrongWithPlugins(plugins: String, messages: [String]) {
        #expect(faults(plugins.replacing("$sql", with: sql)) == messages)
    }

    @Test(arguments: [
        ("./.data/datastore.sqlite3", DataStoreConfiguration.sqlite(path: "./.data/datastore.sqlite3")),
        ("file:/var/db?mode=rwc", .sqlite(path: "/var/db")), ("file:///var/db?cache=shared", .sqlite(path: "/var/db")),
        (":memory:", .memory), ("file::memory:?cache=shared", .memory), ("file:x?mode=memory", .memory),
        ("/db?_journal=WAL", .sqlite(path: "/db")),
    ])
    func readsConnectionStrings(text: String, store: DataStoreConfiguration) throws {
        let data = "database_type = \"sqlite3\" connection_string = \"\(text)\""
        let plugins = "plugins { DataStore \"sql\" { plugin_data { \(data) } } \(memory) }"
        let file = ConfigurationFile(name: "s", text: Fixture.completeServer("", plugins: plugins))
        #expect(try ServerConfiguration.load(file).configuration.dataStore == store)
    }

    @Test func readsEverythingAboutPostgreSQL() throws {
        let plugins = """
            plugins {
                DataStore "sql" {
                    plugin_data {
                        database_type = "postgres"
                        connection_string = "dbname=registry"
                        ro_connection_string = "dbname=replica"
                        max_open_conns = 20
                        max_idle_conns = 5
                        conn_max_lifetime = "1h"
                        disable_migration = true
                    }
                }
                \(memory)
            }
            """
        var expected = PostgresConfiguration(connectionString: "dbname=registry")
        (expected.maximumConnections, expected.maximumIdleConnections) = (20, 5)
        expected.connectionLifetime = .seconds(3600)
        expected.migrates = false
        let file = ConfigurationFile(name: "s", text: Fixture.completeServer("", plugins: plugins))
        let loaded = try ServerConfiguration.load(file)
        #expect(loaded.configuration.dataStore == .postgres(expected))
        #expect(loaded.warnings.count { "\($0)".contains("ro_connection_string has no effect") } == 1)
    }

    @Test func faultsHoldNoPasswordOfTheDatabase() {
        let found = faults(
            """
            \(memory) DataStore "sql" { plugin_data {
                database_type = "postgres" connection_string = "password=hunter2" root_ca_path = "/ca.pem" max_open_conns = -1
            } }
            """)
        #expect(
            found == [
                """
                DataStore "sql".root_ca_path is not supported yet
                    hint: write sslrootcert, sslcert and sslkey with sslmode=verify-full into connection_string
                """,
                "DataStore \"sql\".max_open_conns must be between 1 and 10000, not -1",
            ])
    }

    @Test(arguments: [("", false), ("CredentialComposer \"uniqueid\" {}", true)])
    func readsTheCredentialComposer(plugin: String, isOn: Bool) throws {
        let file = ConfigurationFile(
            name: "s", text: Fixture.completeServer("", plugins: "plugins { \(sql) \(memory) \(plugin) }"))
        #expect(try ServerConfiguration.load(file).configuration.authority.addsUniqueID == isOn)
    }

    @Test(arguments: [
        (
            "\"disk\" { plugin_data { cert_file_path = \"/c\" key_file_path = \"/k\" bundle_file_path = \"/b\" } }",
            UpstreamAuthorityConfiguration.disk(certificatePath: "/c", keyPath: "/k", bundlePath: "/b")
        ),
        (
            "\"disk\" { plugin_data { cert_file_path = \"/c\" key_file_path = \"/k\" } }",
            .disk(certificatePath: "/c", keyPath: "/k", bundlePath: nil)
        ),
        (
            "\"spire\" { plugin_data { server_address = \"up.test\" server_port = \"8081\" workload_api_socket = \"/s\" } }",
            .spire(host: "up.test", port: 8081, workloadAPISocket: "/s")
        ),
    ])
    func readsUpstreamAuthorities(plugin: String, upstream: UpstreamAuthorityConfiguration) throws {
        let text = "plugins { \(sql) \(memory) UpstreamAuthority \(plugin) }"
        let file = ConfigurationFile(name: "s", text: Fixture.completeServer("", plugins: text))
        #expect(try ServerConfiguration.load(file).configuration.upstreamAuthority == upstream)
    }

    @Test func readsBundleFiles() throws {
        let plugin =
            "BundlePublisher \"file\" { plugin_data { path = \"/b\" format = \"jwks\" refresh_hint = \"1m\" } }"
        let file = ConfigurationFile(
            name: "s", text: Fixture.completeServer("", plugins: "plugins { \(sql) \(memory) \(plugin) }"))
        let read = try #require(try ServerConfiguration.load(file).configuration.bundleFiles.first)
        #expect(read.path == "/b" && read.format == .jwks && read.refreshHint == .seconds(60))
    }

    @Test func takesNoNoticeOfDisabledPlugins() throws {
        let plugins = """
            plugins {
                \(sql)
                \(memory)
                KeyManager "disk" { enabled = false plugin_cmd = "/x" }
                UpstreamAuthority "disk" { enabled = "false" }
            }
            """
        let file = ConfigurationFile(name: "s", text: Fixture.completeServer("", plugins: plugins))
        #expect(try ServerConfiguration.load(file).configuration.keyManager == .memory)
    }
}
