// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE
import Testing

@Suite struct AgentPathTemplateTests {
    private let data = TemplateValue.record([
        "PluginName": .string("x509pop"), "Fingerprint": .string("ab12"), "Empty": .string(""),
        "Subject": .record(["CommonName": .string("Web-1"), "Organization": .strings(["One", "Two"])]),
        "URISanSelectors": .map(["zone": .string("a")]), "Number": .integer(7),
    ])

    @Test(arguments: [
        ("/{{ .PluginName }}/{{ .Fingerprint }}", "/x509pop/ab12"),
        ("{{.PluginName}}/{{.Fingerprint}}", "x509pop/ab12"),
        ("/cn/{{ .Subject.CommonName | lower }}", "/cn/web-1"),
        ("/a{{- /* gone */ -}} b{{/* gone too */}}", "/ab"),
        ("/x {{- .Number }}/{{ .Number -}} /y", "/x7/7/y"),
        ("/{{ index .Subject.Organization 1 }}/{{ .Subject.Organization | first | upper }}", "/Two/ONE"),
        ("/{{ .Subject.Organization | join \"-\" }}", "/One-Two"),
        ("/{{ .URISanSelectors.zone }}/{{ index .URISanSelectors \"none\" }}x", "/a/x"),
        ("/{{ (index .Subject.Organization 0) | trunc 2 }}", "/On"),
        ("/{{ replace \"-\" \"_\" .Subject.CommonName }}", "/Web_1"),
        ("/{{ .Subject.CommonName | splitList \"-\" | last }}", "/1"),
        ("/{{ .Subject.CommonName | split \"-\" | pipeindex 0 }}", "/Web"),
        ("/{{ if .Empty }}a{{ else if eq .PluginName \"x509pop\" }}b{{ else }}c{{ end }}", "/b"),
        ("/{{ with .Subject }}{{ .CommonName }}{{ else }}none{{ end }}", "/Web-1"),
        ("/{{ printf \"%s-%d%%\" .PluginName .Number }}", "/x509pop-7%"),
        ("/{{ `}}` }}{{ \"\\\"\" }}", "/}}\""),
        ("/{{ .Fingerprint | sha256sum | trunc 8 }}", "/59d93772"),
        ("/{{ trimSuffix \".example.org\" \"h.example.org\" }}/{{ default \"d\" .Empty }}", "/h/d"),
        ("no action", "no action"),
    ])
    func fillsIn(template: String, path: String) throws {
        #expect(try AgentPathTemplate(template).fill(data) == path)
    }

    @Test(arguments: [
        ("{{ .A", "unclosed action"), ("{{ nope .A }}", "function \"nope\" not defined"),
        ("{{ }}", "missing value for command"), ("{{ .A | .B }}", "non executable command in pipeline stage"),
        ("{{ \"a }}", "unclosed action"), ("{{ (.A }}", "unclosed left paren"), ("{{ .A) }}", "unexpected right paren"),
        ("{{ if .A }}", "unexpected EOF"), ("{{ end }}", "unexpected {{end}}"),
        ("{{ range .A }}{{ end }}", "{{range}} is not supported in agent paths"),
        ("{{ $x := .A }}", "variables are not supported in agent paths"), ("{{ 1x }}", "bad number syntax: \"1x\""),
        ("{{ .A..B }}", "unexpected <.> in operand"),
    ])
    func refusesToRead(template: String, message: String) {
        let error = #expect(throws: TemplateError.self) { try AgentPathTemplate(template) }
        #expect(error?.message == message)
    }

    @Test(arguments: [
        ("{{ .Nope }}", "can't evaluate field Nope"), ("{{ .PluginName.X }}", "can't evaluate field X in type string"),
        ("{{ .URISanSelectors.nope }}", "map has no entry for key \"nope\""),
        ("{{ index .Subject.Organization 2 }}", "error calling index: index out of range: 2"),
        ("{{ lower .Number }}", "error calling lower: expected string; got int"),
        ("{{ lower }}", "wrong number of args for lower: got 0"), ("{{ .A 1 }}", "can't give argument to non-function"),
        ("{{ repeat 2048 \"0123456789\" }}", "error calling repeat: string is too long"),
        ("{{ repeat 1024 \"abc\" }}", "result is longer than 2048 bytes"),
    ])
    func refusesToFillIn(template: String, message: String) throws {
        let template = try AgentPathTemplate(template)
        let error = #expect(throws: TemplateError.self) { try template.fill(data) }
        #expect(error?.message == message)
    }

    @Test func boundsNestingAndLength() {
        let deep = String(repeating: "{{ if .A }}", count: 100) + String(repeating: "{{ end }}", count: 100)
        #expect(throws: TemplateError.self) { try AgentPathTemplate(deep) }
        let parentheses = "{{ " + String(repeating: "(", count: 100) + ".A" + String(repeating: ")", count: 100) + " }}"
        #expect(throws: TemplateError.self) { try AgentPathTemplate(parentheses) }
        #expect(throws: TemplateError.self) { try AgentPathTemplate(String(repeating: "a", count: 5000)) }
    }

    @Test func namesAgentsBelowTheirReservedPath() throws {
        let trustDomain = try TrustDomain("example.org")
        for text in ["/{{ .PluginName }}/x", "{{ .PluginName }}/x"] {
            let id = try AgentPathTemplate(text).agentID(in: trustDomain, data)
            #expect(id.uri == "spiffe://example.org/spire/agent/x509pop/x")
        }
        for text in ["/a b", "/../server", "/{{ .Empty }}", "//x"] {
            let template = try AgentPathTemplate(text)
            let error = #expect(throws: AttestationError.self) { try template.agentID(in: trustDomain, data) }
            #expect(error?.message.hasPrefix("failed to make spiffe id: ") == true)
        }
    }
}
