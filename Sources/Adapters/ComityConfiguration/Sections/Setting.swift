// SPDX-License-Identifier: Apache-2.0

/// A value with the place it was set at, for faults that are found later.
struct Setting<Value> {
    var value: Value
    var place: ConfigurationPlace
}
