// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SPIFFE

/// `comity inspect id`
struct InspectID: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "id", abstract: "Inspects a SPIFFE ID: comity inspect id spiffe://example.org/web, or a file.")

    @OptionGroup var options: InspectOptions

    func run() throws {
        // An ID on the command line cannot be mistaken for a file.
        let text = options.file.contains("://") ? options.file : try options.readText()
        try options.show(Inspection(id: text))
    }
}

extension Inspection {
    init(id text: String) {
        do {
            let id = try SPIFFEID(text)
            self.init(kind: "SPIFFE ID", verdict: .valid("it follows the standard"))
            add("SPIFFE ID", "spiffe_id", id.uri)
            add("Trust domain", "trust_domain", id.trustDomain.name)
            add("Path", "path", id.path)
        } catch {
            self.init(kind: "SPIFFE ID", verdict: .invalid("\(error)"))
        }
    }
}
