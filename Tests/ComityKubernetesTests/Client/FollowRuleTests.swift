// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@testable import ComityKubernetes

struct FollowRuleTests {
    private func listed() -> FollowRule {
        var rule = FollowRule()
        _ = rule.listed(resourceVersion: "10")
        return rule
    }

    private func failure(_ status: Int?) -> KubernetesError {
        KubernetesError(status: status, reason: status == nil ? KubernetesError.Reason.connection : "", "no")
    }

    @Test("begins with a list, goes on with a watch from there") func beginsWithList() {
        var rule = FollowRule()
        #expect(rule.start == .list(after: .zero))
        #expect(rule.listed(resourceVersion: "10") == .watch(from: "10", after: .zero))
        #expect(FollowRule(from: "7").start == .watch(from: "7", after: .zero))
    }

    @Test("a watch that told something is resumed at once from its last event or bookmark") func resumes() {
        var rule = listed()
        rule.received(.added(["metadata": ["name": "a", "resourceVersion": "12"]]))
        rule.received(.bookmark(resourceVersion: "20"))
        #expect(rule.watchEnded(nil, random: 0) == .watch(from: "20", after: .zero))
    }

    @Test("an object without resource version does not forget the one that is known") func keepsVersion() {
        var rule = listed()
        rule.received(.deleted(["metadata": ["name": "a"]]))
        #expect(rule.watchEnded(nil, random: 0) == .watch(from: "10", after: .zero))
    }

    @Test(
        "what the server refuses decides whether to list again",
        arguments: [
            (410, .list(after: .zero)), (404, .list(after: .zero)), (403, .list(after: .zero)),
            (429, .watch(from: "10", after: .seconds(0.5))), (500, .watch(from: "10", after: .zero)),
            (nil, .watch(from: "10", after: .zero)),
        ] as [(Int?, FollowRule.Action)])
    func refusals(status: Int?, action: FollowRule.Action) {
        var rule = listed()
        #expect(rule.watchEnded(failure(status), random: 0) == action)
    }

    @Test("watches that end at once come ever slower, and a list is tried between") func endlessEnds() {
        var rule = listed()
        let actions = (0..<4).map { _ in rule.watchEnded(nil, random: 0) }
        #expect(
            actions == [
                .watch(from: "10", after: .zero), .watch(from: "10", after: .seconds(1)), .list(after: .seconds(2)),
                .watch(from: "10", after: .seconds(4)),
            ])
    }

    @Test("a list that succeeds does not make a server that ends each watch a busy loop") func noBusyLoop() {
        var rule = listed()
        for _ in 0..<4 { _ = rule.watchEnded(failure(410), random: 0) }
        #expect(rule.listed(resourceVersion: "11") == .watch(from: "11", after: .seconds(4)))
    }

    @Test("lists that fail come ever slower, ten seconds apart at most") func failingLists() {
        var rule = FollowRule()
        let actions = (0..<9).map { _ in rule.listFailed(random: 0) }
        #expect(actions.first == .list(after: .seconds(0.5)))
        #expect(actions.last == .list(after: .seconds(10)))
        #expect(rule.listFailed(random: 1) == .list(after: .seconds(5)))
    }

    @Test("the first event after failures makes the next end a first one") func eventsMend() {
        var rule = listed()
        for _ in 0..<5 { _ = rule.watchEnded(failure(nil), random: 0) }
        rule.received(.bookmark(resourceVersion: "30"))
        #expect(rule.watchEnded(failure(nil), random: 0) == .watch(from: "30", after: .zero))
    }
}
