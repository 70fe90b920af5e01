// SPDX-License-Identifier: Apache-2.0

/// What wakes the loops of an agent before their time.
struct AgentAlarms: Sendable {
    /// There may be X509-SVIDs to sign.
    let signing = Alarm()
    /// The entries or bundles may have changed.
    let sync = Alarm()
    /// The server answers again.
    let serverIsBack = Alarm()
}
