// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import Dispatch
import Glibc
import Synchronization

/// The agent's data folder. Every change is on disk before anything is done with it.
package final class AgentStorage: Sendable {
    private static let maximumSize = 4 << 20

    private let path: String
    private let file: PrivateFile
    private let current: Mutex<AgentData>

    /// Opens the folder, making it when it is missing.
    ///
    /// - Throws: ``AgentError`` with code `storage`.
    package init(folder: String) throws(AgentError) {
        try Self.makeFolder(folder)
        path = folder + "/agent-data.json"
        file = PrivateFile(path: path, kind: "agent data file")
        do throws(AuthorityError) {
            guard let content = try file.read(atMost: Self.maximumSize) else {
                current = Mutex(AgentData())
                return
            }
            current = Mutex(try Self.parse(content, path))
        } catch {
            throw AgentError(.storage, error.message, cause: error.cause)
        }
    }

    package var data: AgentData {
        current.withLock { $0 }
    }

    /// - Throws: ``AgentError`` with code `storage`.
    package func change(_ change: (inout AgentData) -> Void) throws(AgentError) {
        let failure: AuthorityError? = current.withLock { data in
            var changed = data
            change(&changed)
            guard changed != data else { return nil }
            do throws(AuthorityError) {
                try file.write(changed.json)
            } catch {
                return error
            }
            data = changed
            return nil
        }
        if let failure { throw AgentError(.storage, failure.message, cause: failure.cause) }
    }

    private static func parse(_ content: [UInt8], _ path: String) throws(AuthorityError) -> AgentData {
        do throws(AgentError) {
            return try AgentData(json: content)
        } catch {
            throw AuthorityError(
                .keyStorage,
                "agent data file \"\(path)\" is damaged: \(error); remove it to attest the agent anew")
        }
    }

    private static func makeFolder(_ folder: String) throws(AgentError) {
        var path = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") {
            path += "/" + part
            guard mkdir(path, 0o755) != 0, errno != EEXIST else { continue }
            let reason = String(cString: strerror(errno))
            throw AgentError(
                .storage,
                "data folder \"\(folder)\" cannot be made: \(reason); make it for the user that runs the agent, or set data_dir"
            )
        }
        guard access(folder.isEmpty ? "." : folder, R_OK | W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw AgentError(
                .storage,
                "data folder \"\(folder)\" is not writable: \(reason); give it to the user that runs the agent, or set data_dir"
            )
        }
    }
}
