// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FakeKubernetes

@Suite
struct LabelSelectorTests {
    private static let labels = ["app": "web", "tier": "a.b_c", "count": "3", "example.com/role": ""]

    @Test(arguments: [
        "", "app=web", "app==web", "app in (web, db)", "app notin (db)", "!none", "tier", "count>2", "count<4",
        "none!=x", "app=web,tier=a.b_c", "example.com/role=", "none notin (x)",
    ])
    func matches(_ text: String) throws {
        #expect(try LabelSelector(text).matches(Self.labels))
    }

    @Test(arguments: [
        "app=db", "app!=web", "app in (db)", "app notin (web)", "!app", "none", "count>3", "count<3", "tier>1",
        "none=x", "app=web,none",
    ])
    func doesNotMatch(_ text: String) throws {
        #expect(try !LabelSelector(text).matches(Self.labels))
    }

    @Test(arguments: ["app in", "app like (web)", "a b"])
    func isRefused(_ text: String) {
        #expect(throws: APIStatus.self) { try LabelSelector(text) }
    }
}
