// SPDX-License-Identifier: Apache-2.0

import Glibc
import SPIFFE
import SPIFFEWorkloadAPI
import Synchronization

/// Keeps a workload's ``WorkloadReport`` and writes it to standard output whenever it has changed.
final class WorkloadLedger: Sendable {
    private static let interval = Duration.milliseconds(100)

    private let report = Mutex(WorkloadReport())

    func update(_ change: (inout WorkloadReport) -> Void) {
        report.withLock { change(&$0) }
    }

    /// Counts a call whose peer was authenticated both ways.
    func succeeded(peer: X509SVID, token: JWTSVID) {
        let authorities = [
            WorkloadReport.Authority(
                trustDomain: peer.id.trustDomain.name, kind: .x509, id: peer.authority.authorityID),
            WorkloadReport.Authority(trustDomain: token.id.trustDomain.name, kind: .jwt, id: token.keyID ?? ""),
        ]
        update { report in
            report.calls += 1
            for authority in authorities { report.used[authority, default: 0] += 1 }
        }
    }

    func failed(_ error: any Error) {
        Self.log("call failed: \(error)")
        update { report in
            report.calls += 1
            report.failed += 1
            if report.failure.isEmpty { report.failure = "\(error)" }
        }
    }

    func saw(_ bundles: BundleSet) {
        let authorities = bundles.trustDomains.compactMap { bundles[$0] }.flatMap { bundle in
            let name = bundle.trustDomain.name
            let x509 = bundle.x509Authorities.map { authority in
                WorkloadReport.Authority(trustDomain: name, kind: .x509, id: authority.certificate.authorityID)
            }
            let jwt = bundle.jwtAuthorities.map { authority in
                WorkloadReport.Authority(trustDomain: name, kind: .jwt, id: authority.keyID)
            }
            return x509 + jwt
        }
        update { $0.seen.formUnion(authorities) }
    }

    /// Follows what the agent says of bundles and keeps the report flowing, until cancelled.
    func run(_ x509: X509Source, _ jwt: JWTSource) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { for try await context in x509.updates { self.saw(context.bundles) } }
            group.addTask { for try await bundles in jwt.updates { self.saw(bundles) } }
            group.addTask { try await self.publish() }
            try await group.waitForAll()
        }
    }

    /// Writes a line for who reads the log of the workload.
    static func log(_ text: String) {
        write(Array("\(text)\n".utf8), to: STDERR_FILENO)
    }

    private func publish() async throws {
        var last: WorkloadReport?
        while true {
            let report = report.withLock { $0 }
            if report != last {
                Self.write(report.line + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
                last = report
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            // Nobody reads on; there is no one left to tell.
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
