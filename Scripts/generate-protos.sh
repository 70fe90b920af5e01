#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Regenerates Sources/Generated/{WorkloadAPIProtos,ServerAPIProtos} from Protos/.

set -euo pipefail

readonly swift_protobuf_version="1.39.0"
readonly grpc_swift_protobuf_version="2.4.1"

log() { printf -- '** %s\n' "$*" >&2; }
fatal() {
    printf -- '** error: %s\n' "$*" >&2
    exit 1
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v protoc >/dev/null ||
    fatal "protoc is missing; install it (Debian, Ubuntu: apt-get install protobuf-compiler)"
command -v swift >/dev/null || fatal "swift is missing; see https://www.swift.org/install"

# The plugins are built in a package of their own: as build-tool plugins they would compile protoc on every clean build.
readonly plugins=".build/protos"
mkdir -p "$plugins/Sources/Plugins"
touch "$plugins/Sources/Plugins/Plugins.swift"
manifest="// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: \"protos\",
    dependencies: [
        .package(url: \"https://github.com/apple/swift-protobuf\", exact: \"$swift_protobuf_version\"),
        .package(url: \"https://github.com/grpc/grpc-swift-protobuf\", exact: \"$grpc_swift_protobuf_version\"),
    ],
    targets: [.target(name: \"Plugins\")]
)"
if [[ "$(cat "$plugins/Package.swift" 2>/dev/null)" != "$manifest" ]]; then
    printf '%s\n' "$manifest" >"$plugins/Package.swift"
fi

for product in protoc-gen-swift protoc-gen-grpc-swift-2; do
    log "building $product"
    swift build --package-path "$plugins" --product "$product" >&2
done
bin="$(swift build --package-path "$plugins" --show-bin-path)"

# generate TARGET PROTO...: replaces what Sources/Generated/TARGET holds.
generate() {
    local target="$1" out="Sources/Generated/$1" fresh="$plugins/Generated/$1"
    shift
    rm -rf "$fresh"
    mkdir -p "$fresh"
    # The file names carry the folders, since agent.proto and others exist more than once.
    protoc -I Protos \
        --plugin=protoc-gen-swift="$bin/protoc-gen-swift" \
        --plugin=protoc-gen-grpc-swift="$bin/protoc-gen-grpc-swift-2" \
        --swift_opt=Visibility=Public,UseAccessLevelOnImports=true,FileNaming=PathToUnderscores \
        --swift_out="$fresh" \
        --grpc-swift_opt=Visibility=Public,UseAccessLevelOnImports=true,FileNaming=PathToUnderscores \
        --grpc-swift_out="$fresh" \
        "$@"
    # A proto without services gives a gRPC file without code.
    local file
    for file in "$fresh"/*.grpc.swift; do
        grep -q 'import GRPCCore' "$file" || rm "$file"
    done
    rm -rf "$out"
    mkdir -p "$(dirname "$out")"
    mv "$fresh" "$out"
    log "generated $out from $# files"
}

server_protos=()
while IFS= read -r file; do
    server_protos+=("$file")
done < <(cd Protos && find comity google grpc spire -name '*.proto' | LC_ALL=C sort)

generate WorkloadAPIProtos spiffe/workload.proto
generate ServerAPIProtos "${server_protos[@]}"
