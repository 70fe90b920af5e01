// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE
import Synchronization

/// Records in a file (`ownershipPath`), for a server beside which there is no cluster.
final class FileOwnership: OwnershipRecord {
    private static let maximumBytes = 64 << 20

    private let path: String
    private let owner: String
    private let owned = Mutex<Owned?>(nil)

    init(path: String, owner: String) {
        self.path = path
        self.owner = owner
    }

    func load() async throws -> Owned? {
        let read = try read()
        owned.withLock { $0 = read }
        return read
    }

    func claim(_ objects: Owned) async throws -> Owned {
        try change { $0.add(objects) }
        return Owned()
    }

    func release(_ objects: Owned) async throws {
        try change { $0.remove(objects) }
    }

    private func change(_ body: (inout Owned) -> Void) throws {
        try owned.withLock { owned in
            var changed = owned ?? Owned()
            body(&changed)
            guard changed != owned else { return }
            try write(changed)
            owned = changed
        }
    }

    // MARK: - The file

    private func read() throws -> Owned? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else { throw failure("cannot be read") }
        let json: JSONValue
        do throws(SPIFFEError) {
            json = try JSONValue(parsing: Array(data), maximumBytes: Self.maximumBytes)
        } catch {
            throw failure("is damaged: \(error); mend it, or delete it to begin anew")
        }
        guard json["owner"]?.string == owner else {
            throw failure(
                "is of controller \((json["owner"]?.string ?? "").quoted), this one is \(owner.quoted): "
                    + "set ownershipPath to a file of its own")
        }
        return Owned(json)
    }

    private func write(_ owned: Owned) throws {
        let json = owned.json(owner: owner)
        do {
            // In one step: a crash leaves the old file or the new one.
            try Data("\(json)\n".utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw failure("cannot be written", error)
        }
    }

    private func failure(_ message: String, _ cause: (any Error)? = nil) -> ControllerError {
        ControllerError(.ownership, "record \(path.quoted) of what this controller made \(message)", cause: cause)
    }
}
