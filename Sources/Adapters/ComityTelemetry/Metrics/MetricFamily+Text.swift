// SPDX-License-Identifier: Apache-2.0

extension MetricFamily {
    /// The type of ``text``.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// As Prometheus reads it.
    package var text: String {
        var lines = ["# HELP \(name) \(Self.escaped(help, quote: false))", "# TYPE \(name) \(kind.rawValue)"]
        lines += samples.map { "\(name)\($0.suffix)\(Self.text(of: $0.labels)) \(Self.text(of: $0.value))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(of labels: [Label]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{\(labels.map { "\($0.name)=\"\(escaped($0.value, quote: true))\"" }.joined(separator: ","))}"
    }

    private static func escaped(_ text: String, quote: Bool) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quote: result += "\\\""
            default: result.append(character)
            }
        }
    }

    private static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        guard let whole = Int64(exactly: value), whole.magnitude < 1 << 53 else { return "\(value)" }
        return "\(whole)"
    }
}
