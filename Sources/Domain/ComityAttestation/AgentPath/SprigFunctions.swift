// SPDX-License-Identifier: Apache-2.0

import ComityTemplates

/// The functions that the sprig library adds to Go's, as far as they serve paths, and SPIRE's own.
enum SprigFunctions {
    typealias Refusal = TemplateFunction.Refusal

    static let all = TemplateFunctions.go.adding(values).adding(texts).adding(lists)
}
