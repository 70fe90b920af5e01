// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import SPIFFEWorkloadAPI

extension Deployment {
    /// The Workload API for this process.
    var workload: WorkloadAPIClient {
        get throws { WorkloadAPIClient(address: try WorkloadAPIAddress(unixSocketPath: agentSocket)) }
    }

    /// What this process gets from the Workload API, once it is as wanted.
    func x509Context(until isWanted: (X509Context) -> Bool) async throws -> X509Context {
        let client = try workload
        return try await eventually("\(trustDomain) serves what is wanted") {
            guard let context = try? await client.fetchX509Context() else { return nil }
            return isWanted(context) ? context : nil
        }
    }

    /// Fetches as the command does until it gets all the texts; answers with the folder of the written files.
    func fetchFiles(with texts: String...) async throws -> String {
        let files = folder.path("svid-\(UInt32.random(in: .min ... .max))")
        try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: false)
        var last = ""
        try await eventually("api fetch x509 has \(texts)", or: { last }) {
            let fetched = try await agent("api", "fetch", "x509", "-write", files)
            last = fetched.output + fetched.errors
            return fetched.exitCode == 0 && texts.allSatisfy(fetched.output.contains) ? true : nil
        }
        return files
    }

    /// Fetches a JWT-SVID by the command.
    func fetchToken(for audience: String) async throws -> String {
        let output = try await agent("api", "fetch", "jwt", "-audience", audience).check().output
        return output.split(separator: "\n")[1].trimmingCharacters(in: .whitespaces)
    }
}

extension X509Context {
    func credential(path: String) -> X509Credential? {
        credentials.first { $0.id.path == path }
    }
}
