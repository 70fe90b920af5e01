// SPDX-License-Identifier: Apache-2.0

extension DemoPlay {
    /// Tells what can be tried while everything keeps running.
    func suggest() {
        narrator.chapter("Everything keeps running; try these, and end it by Ctrl-C")
        let server = "-socketPath \(alpha.serverSocket)"
        narrator.show("comity server entry show \(server)")
        narrator.show("comity server federation list \(server)")
        narrator.show("comity server federation show -trustDomain \(beta.name) \(server)")
        narrator.show("cat \(alpha.manifest(of: beta)) \(alpha.controllerConfiguration)")
        narrator.show("comity server bundle list -format spiffe \(server)")
        narrator.show("comity server localauthority x509 show \(server)")
        narrator.show("comity agent api fetch x509 -socketPath \(alpha.agentSocket)")
        narrator.show("curl -k https://127.0.0.1:\(alpha.bundlePort)/")
        narrator.show("tail -f \(beta.log("server"))")
    }
}
