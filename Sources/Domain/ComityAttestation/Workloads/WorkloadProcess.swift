// SPDX-License-Identifier: Apache-2.0

/// A local process that called, as the kernel named it when the connection was made.
package struct WorkloadProcess: Hashable, Sendable {
    package var processID: Int32
    package var userID: UInt32
    package var groupID: UInt32

    package init(processID: Int32, userID: UInt32, groupID: UInt32) {
        self.processID = processID
        self.userID = userID
        self.groupID = groupID
    }
}
