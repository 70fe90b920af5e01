// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Logging
import NIOSSL
import ServiceLifecycle
import Synchronization

/// A certificate and key from files as the endpoint's certificate (`https_web`), loaded again when the files change.
package final class ServingCertificate: EndpointCertificate, Service {
    /// When the files were last written.
    private struct Stamp: Hashable, Sendable {
        var certificate: Date
        var key: Date
    }

    private let certificatePath: String
    private let keyPath: String
    private let interval: Duration
    private let logger: Logger
    private let loaded: Mutex<(stamp: Stamp, key: CertifiedKey)>

    /// Loads the files.
    ///
    /// - Parameter interval: between two looks at the files; zero is an hour, as in SPIRE.
    /// - Throws: ``BundleEndpointError`` with code `certificate`.
    package init(certificatePath: String, keyPath: String, interval: Duration, logger: Logger) throws {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.interval = interval > .zero ? interval : .seconds(3600)
        self.logger = logger
        let stamp = try Self.stamp(certificatePath, keyPath)
        loaded = Mutex((stamp, try Self.load(certificatePath, keyPath)))
        logger.info("Loaded provided certificate with success")
    }

    package func current() throws -> CertifiedKey {
        loaded.withLock { $0.key }
    }

    /// Watches the files until cancelled or shut down.
    package func run() async throws {
        logger.info("Started watching certificate files", metadata: ["interval": .stringConvertible(interval)])
        do {
            try await cancelWhenGracefulShutdown {
                while true {
                    try await Task.sleep(for: self.interval)
                    self.reload()
                }
            }
        } catch is CancellationError {
            logger.info("Stopping file watcher")
        }
    }

    /// Loads the files if they changed. A pair that cannot be used leaves the old one in place and is tried again.
    package func reload() {
        do {
            let stamp = try Self.stamp(certificatePath, keyPath)
            guard loaded.withLock({ $0.stamp }) != stamp else { return }
            logger.info("File change detected, reloading certificate and key...")
            let key = try Self.load(certificatePath, keyPath)
            loaded.withLock { $0 = (stamp, key) }
            logger.info("Loaded provided certificate with success")
        } catch {
            // SPIRE's line has the error in its message.
            logger.error("Failed to load certificate: \(error)")
        }
    }

    private static func stamp(_ certificatePath: String, _ keyPath: String) throws -> Stamp {
        Stamp(certificate: try modificationDate(certificatePath), key: try modificationDate(keyPath))
    }

    private static func modificationDate(_ path: String) throws -> Date {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return attributes[.modificationDate] as? Date ?? .distantPast
        } catch {
            throw BundleEndpointError(.certificate, "cannot read \(path)", cause: error)
        }
    }

    private static func load(_ certificatePath: String, _ keyPath: String) throws -> CertifiedKey {
        let key: CertifiedKey
        do {
            key = CertifiedKey(
                chain: try NIOSSLCertificate.fromPEMFile(certificatePath),
                key: try NIOSSLPrivateKey(file: keyPath, format: .pem))
        } catch {
            throw BundleEndpointError(
                .certificate, "\(certificatePath) and \(keyPath) are not a PEM certificate and its key", cause: error)
        }
        do {
            // Says whether the key is the certificate's.
            _ = try NIOSSLContext(configuration: key.tlsConfiguration())
        } catch {
            throw BundleEndpointError(
                .certificate, "\(keyPath) is not the key of the certificate in \(certificatePath)", cause: error)
        }
        return key
    }
}
