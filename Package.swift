// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// MARK: - Outside packages

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "_CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grpcCore = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcProtobuf = Target.Dependency.product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let grpcTransport = Target.Dependency.product(
    name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdHTTP2 = Target.Dependency.product(name: "HummingbirdHTTP2", package: "hummingbird")
let inMemoryTracing = Target.Dependency.product(name: "InMemoryTracing", package: "swift-distributed-tracing")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioFoundationCompat = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioCertificateReloading = Target.Dependency.product(
    name: "NIOCertificateReloading", package: "swift-nio-extras")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let swiftProtobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// MARK: - Settings

let generatedSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let settings: [SwiftSetting] =
    generatedSettings + [
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]

/// What a build is made of, when whoever builds it says so (`make release`).
let buildMarks: [CSetting] = ["COMITY_TAG", "COMITY_COMMIT"].compactMap { name in
    Context.environment[name].map { .define(name, to: "\"\($0)\"") }
}

func library(_ name: String, in layer: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(layer)/\(name)", swiftSettings: settings)
}

func generated(_ name: String) -> Target {
    .target(
        name: name, dependencies: [grpcCore, grpcProtobuf, swiftProtobuf], path: "Sources/Generated/\(name)",
        swiftSettings: generatedSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

// MARK: - Package

let package = Package(
    name: "comity",
    products: [
        .library(name: "SPIFFE", targets: ["SPIFFE"]),
        .library(name: "SPIFFEWorkloadAPI", targets: ["SPIFFEWorkloadAPI"]),
        .library(name: "ComityKubernetes", targets: ["ComityKubernetes"]),
        .executable(name: "comity", targets: ["comity"]),
        // For the package in Benchmarks/ only.
        .library(
            name: "ComityBenchmarking", targets: ["ComityBenchmarking", "ServerAPIProtos", "WorkloadAPIProtos"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Libraries: state the standard.
        library("SPIFFE", in: "Libraries", [crypto, cryptoExtras, swiftASN1, x509]),
        library(
            "SPIFFEWorkloadAPI", in: "Libraries",
            [
                "SPIFFE", "WorkloadAPIProtos", crypto, grpcCore, grpcProtobuf, grpcTransport, logging, nioCore,
                nioPosix,
                nioSSL, serviceLifecycle, swiftASN1, swiftProtobuf, x509,
            ]),

        // Generated by `make protos`, never edited.
        generated("WorkloadAPIProtos"),
        generated("ServerAPIProtos"),

        // Domain: decides. No sockets, no SQL, no protos, no clock but the one handed in.
        library("ComityRegistry", in: "Domain", ["SPIFFE", crypto, logging, x509]),
        library(
            "ComityAuthority", in: "Domain",
            ["ComityRegistry", "SPIFFE", crypto, cryptoExtras, logging, swiftASN1, x509]),
        library("ComityTemplates", in: "Domain", ["SPIFFE"]),
        library(
            "ComityAttestation", in: "Domain", ["ComityRegistry", "ComityTemplates", "SPIFFE", crypto, logging, x509]),
        library("ComityWorkloads", in: "Domain", ["ComityRegistry", "SPIFFE"]),
        library("ComityResources", in: "Domain", ["ComityRegistry", "ComityTemplates", "SPIFFE"]),

        // Adapters: touch the world.
        .target(name: "CBuild", path: "Sources/Adapters/CBuild", cSettings: buildMarks),
        .target(name: "CLinux", path: "Sources/Adapters/CLinux"),
        .systemLibrary(
            name: "CPostgres", path: "Sources/Adapters/CPostgres", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]),
        library(
            "ComityStorage", in: "Adapters",
            ["CPostgres", "ComityAuthority", "ComityRegistry", "SPIFFE", grdb, logging, x509]),
        library(
            "ComityKeys", in: "Adapters",
            ["CLinux", "ComityAuthority", "SPIFFE", crypto, cryptoExtras, logging, swiftASN1, x509]),
        library(
            "ComityUpstream", in: "Adapters",
            [
                "ComityAuthority", "ComityRegistry", "ComityTransport", "ComityWire", "SPIFFE", "SPIFFEWorkloadAPI",
                "ServerAPIProtos", grpcCore, logging, swiftProtobuf, x509,
            ]),
        library(
            "ComityAttestors", in: "Adapters",
            [
                "CLinux", "ComityAttestation", "ComityKubernetes", "ComityRegistry", "ComityTemplates", "SPIFFE",
                asyncHTTPClient, crypto, cryptoExtras, logging, nioCore, nioHTTP1, nioPosix, nioSSL, swiftASN1, x509,
            ]),
        library(
            "ComityTransport", in: "Adapters",
            [
                "CLinux", "ComityTelemetry", "SPIFFE", crypto, grpcCore, grpcTransport, logging,
                nioCertificateReloading, nioCore, nioHPACK, nioHTTP2, nioPosix, nioSSL, serviceLifecycle, swiftASN1,
                tracing, x509,
            ]),
        library(
            "ComityBundleEndpoint", in: "Adapters",
            [
                "ComityRegistry", "ComityTransport", "SPIFFE", httpTypes, hummingbirdCore, hummingbirdHTTP2, logging,
                nioCore, nioHTTP1, nioHTTPTypes, nioPosix, nioSSL, nioTLS, serviceLifecycle, swiftASN1, x509,
            ]),
        library(
            "ComityWire", in: "Adapters",
            [
                "ComityAuthority", "ComityRegistry", "ComityTelemetry", "SPIFFE", "ServerAPIProtos", grpcCore,
                grpcProtobuf, swiftASN1, swiftProtobuf, x509,
            ]),
        library(
            "ComityClient", in: "Adapters",
            [
                "CLinux", "ComityRegistry", "ComityTransport", "ComityWire", "SPIFFE", "ServerAPIProtos",
                "WorkloadAPIProtos",
                grpcCore, grpcProtobuf, grpcTransport, logging, swiftProtobuf, x509,
            ]),
        library(
            "ComityKubernetes", in: "Adapters",
            [
                "CLinux", "SPIFFE", asyncHTTPClient, crypto, logging, nioCore, nioFoundationCompat, nioHTTP1, nioPosix,
                nioSSL, serviceLifecycle, yams,
            ]),
        library(
            "ComityConfiguration", in: "Adapters",
            ["ComityAttestation", "ComityAuthority", "ComityRegistry", "ComityTelemetry", "ComityTemplates", "SPIFFE"]),
        library(
            "ComityTelemetry", in: "Adapters",
            ["CLinux", "SPIFFE", coreMetrics, hummingbird, logging, nioCore, serviceLifecycle, tracing]),

        // Programs: compose.
        library(
            "ComityServer", in: "Programs",
            [
                "CLinux", "ComityAttestation", "ComityAttestors", "ComityAuthority", "ComityBundleEndpoint",
                "ComityConfiguration", "ComityKeys", "ComityKubernetes", "ComityRegistry", "ComityStorage",
                "ComityTelemetry", "ComityTransport", "ComityUpstream", "ComityWire", "SPIFFE", "SPIFFEWorkloadAPI",
                "ServerAPIProtos", crypto,
                grpcCore, grpcProtobuf, grpcTransport,
                logging, nioCore, nioPosix, nioSSL, serviceLifecycle, swiftASN1, swiftProtobuf, x509,
            ]),
        library(
            "ComityAgent", in: "Programs",
            [
                "CLinux", "ComityAttestation", "ComityAttestors", "ComityAuthority", "ComityClient",
                "ComityConfiguration", "ComityKeys", "ComityRegistry", "ComityTelemetry", "ComityTransport",
                "ComityWire", "ComityWorkloads",
                "SPIFFE", "SPIFFEWorkloadAPI", "ServerAPIProtos", "WorkloadAPIProtos", asyncHTTPClient, crypto,
                cryptoExtras,
                grpcCore, grpcProtobuf, grpcTransport, logging, nioCore, nioPosix, nioSSL, serviceLifecycle, swiftASN1,
                swiftProtobuf, x509,
            ]),
        library(
            "ComityController", in: "Programs",
            [
                "CLinux", "ComityClient", "ComityConfiguration", "ComityKubernetes", "ComityRegistry",
                "ComityResources", "ComityTelemetry", "ComityTransport", "ComityWire", "SPIFFE", "ServerAPIProtos",
                coreMetrics, crypto, grpcCore, grpcProtobuf, logging, serviceLifecycle, swiftProtobuf, x509,
            ]),
        library(
            "ComityDemo", in: "Programs",
            [
                "CLinux", "ComityClient", "ComityRegistry", "SPIFFE", "SPIFFEWorkloadAPI", logging, nioCore, nioHTTP1,
                nioPosix, nioSSL, serviceLifecycle, unixSignals, x509,
            ]),
        library(
            "ComityCommands", in: "Programs",
            [
                "CBuild", "CLinux", "ComityAgent", "ComityAuthority", "ComityBundleEndpoint", "ComityClient",
                "ComityConfiguration", "ComityController", "ComityDemo", "ComityKubernetes", "ComityRegistry",
                "ComityResources", "ComityServer", "ComityStorage", "ComityTelemetry", "ComityTransport", "ComityWire",
                "SPIFFE", "SPIFFEWorkloadAPI", "ServerAPIProtos", "WorkloadAPIProtos", argumentParser, crypto,
                cryptoExtras,
                grpcCore, grpcProtobuf, logging,
                serviceLifecycle, swiftASN1, swiftProtobuf, unixSignals, x509,
            ]),

        // comity: starts a program.
        .executableTarget(name: "comity", dependencies: ["ComityCommands"], swiftSettings: settings),

        // Tests.
        library(
            "ComityTesting", in: "Testing",
            [
                "CLinux", "ComityRegistry", "SPIFFE", crypto, cryptoExtras, logging, nioCore, nioPosix, nioSSL,
                swiftASN1,
                x509,
            ]),
        library(
            "FakeKubernetes", in: "Testing",
            [
                "CLinux", "ComityTesting", "SPIFFE", crypto, httpTypes, hummingbird, hummingbirdCore, hummingbirdTLS,
                logging, nioCore, nioFoundationCompat, nioHTTP1, nioPosix, nioSSL, serviceLifecycle, x509, yams,
            ]),
        library(
            "ComityBenchmarking", in: "Testing",
            ["ComityAuthority", "ComityRegistry", "ComityWorkloads", "FakeKubernetes", "SPIFFE"]),
        tests(
            "SPIFFETests", ["ComityTesting", "SPIFFE", crypto, cryptoExtras, swiftASN1, x509],
            resources: [.copy("Fixtures")]),
        tests(
            "SPIFFEWorkloadAPITests",
            [
                "ComityTesting", "SPIFFE", "SPIFFEWorkloadAPI", "WorkloadAPIProtos", grpcCore, grpcProtobuf,
                grpcTransport, nioCore, nioPosix, nioSSL, swiftProtobuf, x509,
            ]),
        tests("ComityRegistryTests", ["ComityRegistry", "ComityTesting", "SPIFFE", x509]),
        tests("ComityTemplatesTests", ["ComityResources", "ComityTemplates", "SPIFFE"]),
        tests("ComityResourcesTests", ["ComityRegistry", "ComityResources", "ComityTesting", "SPIFFE"]),
        tests("ComityWorkloadsTests", ["ComityRegistry", "ComityTesting", "ComityWorkloads", "SPIFFE"]),
        tests(
            "ComityAuthorityTests",
            ["ComityAuthority", "ComityKeys", "ComityTesting", "SPIFFE", crypto, cryptoExtras, swiftASN1, x509]),
        tests(
            "FederationSimulationTests",
            ["ComityAuthority", "ComityRegistry", "ComityTesting", "ComityWorkloads", "SPIFFE", x509]),
        tests(
            "ComityStorageTests",
            ["ComityAuthority", "ComityRegistry", "ComityStorage", "ComityTesting", "SPIFFE", grdb, logging]),
        tests(
            "ComityUpstreamTests",
            ["ComityAuthority", "ComityTesting", "ComityUpstream", "SPIFFE", logging, swiftASN1, x509]),
        tests(
            "ComityKubernetesTests",
            [
                "ComityKubernetes", "ComityTesting", "FakeKubernetes", "SPIFFE", logging, nioCore, nioHTTP1, nioPosix,
                nioSSL, serviceLifecycle, x509,
            ]),
        tests("FakeKubernetesTests", ["ComityTesting", "FakeKubernetes", "SPIFFE"]),
        tests(
            "ComityControllerTests",
            [
                "ComityClient", "ComityController", "ComityKubernetes", "ComityRegistry", "ComityResources",
                "ComityServer", "ComityTelemetry", "ComityTesting", "ComityWire", "FakeKubernetes", "SPIFFE",
                "ServerAPIProtos", grpcCore, logging, serviceLifecycle, swiftProtobuf, x509,
            ]),
        tests("ComityKeysTests", ["ComityAuthority", "ComityKeys", "ComityTesting", x509]),
        tests(
            "ComityAttestorsTests",
            [
                "ComityAttestation", "ComityAttestors", "ComityKubernetes", "ComityRegistry", "ComityStorage",
                "ComityTemplates", "ComityTesting", "FakeKubernetes", "SPIFFE", crypto, cryptoExtras, logging, nioCore,
                nioHTTP1,
                nioPosix, nioSSL, swiftASN1, x509,
            ]),
        tests(
            "ComityTransportTests",
            [
                "CLinux", "ComityTelemetry", "ComityTesting", "ComityTransport", "SPIFFE", "ServerAPIProtos",
                "WorkloadAPIProtos", grpcCore, grpcProtobuf, grpcTransport, inMemoryTracing, logging, nioCore,
                nioPosix, nioSSL, serviceLifecycle, swiftProtobuf, tracing, x509,
            ]),
        tests(
            "ComityBundleEndpointTests",
            [
                "ComityBundleEndpoint", "ComityRegistry", "ComityTesting", "SPIFFE", logging, nioCore, nioHTTP1,
                nioPosix,
                nioSSL, x509,
            ]),
        tests(
            "ComityWireTests",
            [
                "ComityRegistry", "ComityTesting", "ComityWire", "SPIFFE", "ServerAPIProtos", grpcCore, swiftProtobuf,
                x509,
            ]),
        tests(
            "ComityConfigurationTests",
            [
                "ComityAttestation", "ComityAuthority", "ComityConfiguration", "ComityRegistry", "ComityTelemetry",
                "ComityTesting", "SPIFFE",
            ],
            resources: [.copy("Fixtures")]),
        tests(
            "ComityTelemetryTests",
            [
                "ComityTelemetry", "ComityTesting", asyncHTTPClient, coreMetrics, inMemoryTracing, logging, nioCore,
                nioHTTP1, tracing,
            ]),
        tests(
            "ComityServerTests",
            [
                "ComityAttestation", "ComityAuthority", "ComityBundleEndpoint", "ComityConfiguration", "ComityKeys",
                "ComityKubernetes", "ComityRegistry", "ComityServer", "ComityStorage", "ComityTelemetry",
                "ComityTesting", "ComityTransport", "ComityWire", "FakeKubernetes", "SPIFFE", "ServerAPIProtos", crypto,
                grpcCore, grpcProtobuf, grpcTransport, logging, serviceLifecycle, swiftASN1, swiftProtobuf, x509,
            ]),
        tests(
            "ComityAgentTests",
            [
                "CLinux", "ComityAgent", "ComityAttestation", "ComityAttestors", "ComityAuthority",
                "ComityConfiguration", "ComityKeys", "ComityRegistry", "ComityServer", "ComityStorage", "ComityTesting",
                "ComityTransport", "ComityWire", "ComityWorkloads", "SPIFFE", "ServerAPIProtos", "WorkloadAPIProtos",
                "ComityTelemetry", crypto, grpcCore, grpcProtobuf, grpcTransport, logging, nioCore, nioSSL,
                serviceLifecycle, swiftASN1, swiftProtobuf, x509,
            ]),
        tests("ComityDemoTests", ["ComityDemo", "ComityTesting"]),
        tests(
            "ComityCommandsTests",
            [
                "ComityClient", "ComityCommands", "ComityKubernetes", "ComityRegistry", "ComityTesting", "ComityWire",
                "SPIFFE", "ServerAPIProtos", "WorkloadAPIProtos", argumentParser, grpcCore, swiftProtobuf, x509,
            ]),
        tests(
            "EndToEndTests",
            [
                "CLinux", "ComityTesting", "ComityTransport", "FakeKubernetes", "MTLSEchoExample", "SPIFFE",
                "SPIFFEWorkloadAPI",
                "ServerAPIProtos", "WorkloadAPIProtos", "comity", crypto, grpcCore, grpcProtobuf, swiftASN1,
                swiftProtobuf, x509,
            ]),

        // Examples are packages of their own; built here too, so that they cannot rot and the tests can run them.
        .executableTarget(
            name: "MTLSEchoExample", dependencies: ["SPIFFE", "SPIFFEWorkloadAPI", nioCore, nioPosix],
            path: "Examples/mtls-echo/Sources/mtls-echo"),
    ],
    swiftLanguageModes: [.v6]
)
