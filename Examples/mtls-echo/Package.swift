// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "mtls-echo",
    dependencies: [
        // Outside of this repository: .package(url: "…/comity", from: "…").
        .package(name: "comity", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .executableTarget(
            name: "mtls-echo",
            dependencies: [
                .product(name: "SPIFFE", package: "comity"),
                .product(name: "SPIFFEWorkloadAPI", package: "comity"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ])
    ])
