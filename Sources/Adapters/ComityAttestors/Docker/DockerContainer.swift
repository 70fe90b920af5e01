// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What the daemon says of a container.
struct DockerContainer: Equatable {
    /// Of its first process, in the daemon's own process table; `nil` when it does not run.
    var processID: Int32?
    var labels: [String: String]
    var environment: [String]
    /// As it was given when the container was made.
    var image: String
    /// The digest of the image's configuration.
    var imageDigest: String

    init(_ answer: JSONValue) {
        processID = answer["State"]?["Pid"]?.number?.signed.flatMap { Int32(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
        let configuration = answer["Config"]
        labels = (configuration?["Labels"]?.object?.dictionary ?? [:]).compactMapValues(\.string)
        environment = (configuration?["Env"]?.array ?? []).compactMap(\.string)
        image = configuration?["Image"]?.string ?? ""
        imageDigest = answer["Image"]?.string ?? ""
    }

    var selectorValues: [String] {
        var values = labels.map { "label:\($0.key):\($0.value)" } + environment.map { "env:\($0)" }
        if !image.isEmpty { values.append("image_id:\(image)") }
        if !imageDigest.isEmpty { values.append("image_config_digest:\(imageDigest)") }
        return values
    }
}
