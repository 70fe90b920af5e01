// SPDX-License-Identifier: Apache-2.0

/// A part of a template that writes or decides what is written.
indirect enum TemplateNode: Hashable, Sendable {
    case text(String)
    case action(TemplatePipeline)
    case conditional(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
    case with(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
    case range(TemplatePipeline, body: [TemplateNode], otherwise: [TemplateNode])
    case template(name: String, TemplatePipeline?, offset: Int)
    case breakRange, continueRange
}

/// Commands, each of which gets what the one before it gave.
struct TemplatePipeline: Hashable, Sendable {
    /// With the dollar sign; two of `range` only.
    var variables: [String] = []
    /// `=`, which changes a variable, rather than `:=`, which makes one.
    var isAssignment = false
    var commands: [TemplateCommand] = []
    /// As it was written, for messages.
    var text: String
    var offset: Int
}

/// A function or a value, with its arguments.
struct TemplateCommand: Hashable, Sendable {
    var operands: [TemplateOperand]
}

/// A value as it is written.
struct TemplateOperand: Hashable, Sendable {
    indirect enum Term: Hashable, Sendable {
        case dot
        case variable(String)
        case function(String)
        case literal(TemplateValue)
        case pipeline(TemplatePipeline)
    }

    var term: Term
    /// `.a.b` after the term.
    var fields: [String] = []
    /// As it was written, for messages.
    var text: String
    var offset: Int
}
