// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import Foundation
import SPIFFE
import Testing

@Suite struct BundlePublisherTests {
    private let folder: TemporaryFolder
    private let server: AuthorityServer

    init() throws {
        folder = try TemporaryFolder()
        server = try AuthorityServer()
    }

    private func publisher(
        _ format: PublishedBundleFormat, onPublished: @escaping @Sendable () async -> Void = {}
    ) -> BundlePublisher {
        publisher(at: folder.path("bundle"), format, onPublished: onPublished)
    }

    private func publisher(
        at path: String, _ format: PublishedBundleFormat, onPublished: @escaping @Sendable () async -> Void = {}
    ) -> BundlePublisher {
        BundlePublisher(
            BundleFile(BundleFileSettings(path: path, format: format)), trustDomain: server.trustDomain,
            store: server.store, time: server.clock.time, logger: server.log.logger(), onPublished: onPublished)
    }

    private var content: [UInt8] { Array(FileManager.default.contents(atPath: folder.path("bundle")) ?? Data()) }

    @Test func writesEachFormat() async throws {
        try await server.boot().start()
        let bundle = try await server.bundle
        await publisher(.spiffe(refreshHint: 77)).publish()
        let document = try SPIFFEBundle(document: content, trustDomain: server.trustDomain)
        #expect(document.hasSameAuthorities(as: bundle))
        #expect(document.refreshHint == 77 && document.sequenceNumber == bundle.sequenceNumber)
        await publisher(.pem).publish()
        #expect(
            try SPIFFEBundle(pem: content, trustDomain: server.trustDomain).x509Authorities == bundle.x509Authorities)
        await publisher(.jwtKeys).publish()
        let keys = try SPIFFEBundle(jwtKeySet: content, trustDomain: server.trustDomain)
        #expect(keys.jwtAuthorities == bundle.jwtAuthorities && keys.x509Authorities.isEmpty)
    }

    @Test("everybody may read the file; it is replaced as a whole and only when it has to be")
    func replacesTheFile() async throws {
        try await server.boot().start()
        let publisher = publisher(.pem)
        await publisher.publish()
        let first = try FileManager.default.attributesOfItem(atPath: folder.path("bundle"))
        #expect((first[.posixPermissions] as? NSNumber)?.intValue == 0o644)
        await publisher.publish()
        let second = try FileManager.default.attributesOfItem(atPath: folder.path("bundle"))
        #expect(first[.systemFileNumber] as? NSNumber == second[.systemFileNumber] as? NSNumber)
        let right = content
        try "changed by somebody".write(toFile: folder.path("bundle"), atomically: false, encoding: .utf8)
        await publisher.publish()
        #expect(content == right)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["bundle"])
    }

    @Test func followsTheBundle() async throws {
        let authorities = try server.boot()
        try await authorities.start()
        let (published, writes) = AsyncStream<Void>.makeStream()
        let publisher = publisher(.pem) { writes.yield() }
        try await withThrowingTaskGroup { group in
            group.addTask { try await publisher.run() }
            var next = published.makeAsyncIterator()
            _ = await next.next()
            let prepared = try await authorities.prepare(.x509)
            _ = await next.next()
            let bundle = try SPIFFEBundle(pem: content, trustDomain: server.trustDomain)
            #expect(bundle.x509Authorities.contains(try #require(prepared.x509Authority)))
            group.cancelAll()
        }
    }

    @Test func saysWhatToDoAboutAPathThatCannotBeWritten() async throws {
        try await server.boot().start()
        let publisher = publisher(at: folder.path("missing/bundle"), .pem)
        await publisher.publish()
        #expect(
            server.log.texts.contains {
                $0.hasPrefix("error Failed to publish bundle") && $0.contains("set another path")
            })
        #expect(publisher.failure?.hasPrefix("file: bundle file") == true)
    }
}
