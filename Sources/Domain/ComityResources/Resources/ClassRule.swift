// SPDX-License-Identifier: Apache-2.0

/// Which custom resources a controller handles.
package struct ClassRule: Hashable, Sendable {
    /// Of this controller; empty when it has none.
    package var className: String
    package var watchesClassless: Bool

    package init(className: String = "", watchesClassless: Bool = false) {
        self.className = className
        self.watchesClassless = watchesClassless
    }

    /// - Parameter name: The resource's; empty when it names none.
    package func selects(_ name: String) -> Bool {
        name == className || (name.isEmpty && watchesClassless)
    }

    /// Why a resource is left alone.
    package func refusal(_ name: String) -> String {
        let wanted = className.isEmpty ? "no class" : "class \"\(className)\""
        return name.isEmpty
            ? "it names no class; this controller handles \(wanted): set spec.className, or watchClassless"
            : "it names class \"\(name)\"; this controller handles \(wanted)"
    }
}
