// SPDX-License-Identifier: Apache-2.0

/// A piece of a template.
indirect enum TemplateNode: Hashable, Sendable {
    case text(String)
    case action(TemplatePipeline)
    /// `if`, or `with` when the value becomes the data of what is within.
    case condition(TemplatePipeline, rebinds: Bool, then: [TemplateNode], otherwise: [TemplateNode])
}

/// Commands, each of which gets the value of the one before as its last argument.
struct TemplatePipeline: Hashable, Sendable {
    var commands: [[TemplateOperand]]
}

/// One word of a command.
indirect enum TemplateOperand: Hashable, Sendable {
    case field([String])
    case constant(TemplateValue)
    case function(TemplateFunction)
    case pipeline(TemplatePipeline, fields: [String])
}
