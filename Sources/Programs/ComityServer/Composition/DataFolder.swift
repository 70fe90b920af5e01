// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The folder where the server keeps what it must not lose.
struct DataFolder: Sendable {
    let path: String

    /// Makes the folder if it is missing and finds out whether it can be written to.
    func prepare() throws(ServerError) {
        try make(path)
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be used") }
        close(descriptor)
        guard access(path, W_OK | X_OK) == 0 else { throw failure("cannot be written to") }
    }

    private func make(_ path: String) throws(ServerError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw failure("cannot be made")
        }
        try make(String(path[..<slash]))
        if mkdir(path, 0o755) != 0, errno != EEXIST { throw failure("cannot be made") }
    }

    private func failure(_ what: String) -> ServerError {
        ServerError(
            .dataFolder,
            "data folder \(path) \(what): \(String(cString: strerror(errno))); let this user write there or set "
                + "another data_dir")
    }
}
