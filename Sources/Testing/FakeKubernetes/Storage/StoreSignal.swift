// SPDX-License-Identifier: Apache-2.0

/// What the store tells those who watch.
enum StoreSignal: Sendable {
    case event(StoreEvent)
    /// Everything up to this version has been told.
    case bookmark(UInt64)
}
