// SPDX-License-Identifier: Apache-2.0

/// A function that templates may call.
package struct TemplateFunction: Sendable {
    /// What a function says of its arguments; the place is added by whoever called it.
    package struct Refusal: Error {
        let message: String
        /// It would grow too long, whatever the data.
        let isLimit: Bool

        package init(_ message: String, isLimit: Bool = false) {
            self.message = message
            self.isLimit = isLimit
        }
    }

    package typealias Body = @Sendable (TemplateArguments) throws(Refusal) -> TemplateValue

    private let arity: ClosedRange<Int>
    private let body: Body

    /// - Parameters:
    ///   - arity: How many arguments it takes; up to `Int.max` when any number follows.
    ///   - body: Is called with that many.
    package init(_ arity: ClosedRange<Int>, _ body: @escaping Body) {
        self.arity = arity
        self.body = body
    }

    /// - Parameter maximumBytes: Of a string that it gives.
    func call(_ name: String, _ values: [TemplateValue], maximumBytes: Int) throws(Refusal) -> TemplateValue {
        guard arity.contains(values.count) else {
            throw Refusal("wrong number of args for \(name): want \(wanted) got \(values.count)")
        }
        do throws(Refusal) {
            let result = try body(TemplateArguments(values: values, maximumBytes: maximumBytes))
            if case .string(let text) = result, text.utf8.count > maximumBytes {
                throw .tooLong(maximumBytes)
            }
            return result
        } catch {
            throw Refusal("error calling \(name): \(error.message)", isLimit: error.isLimit)
        }
    }

    private var wanted: String {
        if arity.lowerBound == arity.upperBound { return "\(arity.lowerBound)" }
        return arity.upperBound == .max
            ? "at least \(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
    }
}

extension TemplateFunction.Refusal {
    package static func tooLong(_ maximumBytes: Int) -> Self {
        Self("output is longer than \(maximumBytes) bytes", isLimit: true)
    }
}
