// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityTemplates
import SPIFFE
import Testing

@Suite struct AgentPathTemplateTests {
    private let data = TemplateValue.record(
        TemplateRecord(
            named: "Data",
            [
                "PluginName": .string("x509pop"), "Fingerprint": .string("ab12"), "Empty": .string(""),
                "Subject": .record(
                    TemplateRecord(
                        named: "Name",
                        ["CommonName": .string("Web-1"), "Organization": .strings(["One", "Two"])])),
                "URISanSelectors": .map(["zone": "a"]), "Number": .integer(7),
            ]))

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
        ("{{ range .Subject.Organization }}/{{ . }}{{ end }}", "/One/Two"),
        ("{{ $cn := .Subject.CommonName }}/{{ $cn | lower }}", "/web-1"),
        ("no action", "no action"),
    ])
    func fillsIn(template: String, path: String) throws {
        #expect(try AgentPathTemplate(template).fill(data) == path)
    }

    @Test(arguments: [
        ("{{ .A", "unclosed action"), ("{{ nope .A }}", "function \"nope\" not defined"),
        ("{{ if .A }}", "unexpected EOF"), ("{{ $x }}", "undefined variable \"$x\""),
    ])
    func refusesToRead(template: String, message: String) {
        let error = #expect(throws: TemplateError.self) { try AgentPathTemplate(template) }
        #expect(error?.message == "template: agent-path:1: \(message)")
    }

    @Test(arguments: [
        ("{{ .Nope }}", "can't evaluate field Nope in type Data"),
        ("{{ .URISanSelectors.nope }}", "map has no entry for key \"nope\""),
        ("{{ index .Subject.Organization 2 }}", "error calling index: index out of range: 2"),
        ("{{ lower .Number }}", "error calling lower: expected string; got int"),
        ("{{ lower }}", "wrong number of args for lower: want 1 got 0"),
        ("{{ substr 0 }}", "wrong number of args for substr: want 3 got 1"),
        ("{{ repeat 2048 \"0123456789\" }}", "error calling repeat: output is longer than 16384 bytes"),
        (
            "{{ repeat 9000 \"a\" | replace \"a\" \"bcd\" }}",
            "error calling replace: output is longer than 16384 bytes"
        ),
        ("{{ range 20000 }}{{ end }}", "takes more than 10000 steps"),
    ])
    func refusesToFillIn(template: String, message: String) throws {
        let template = try AgentPathTemplate(template)
        let error = #expect(throws: TemplateError.self) { try template.fill(data) }
        #expect(error?.message.hasSuffix(": \(message)") == true, "\(error?.message ?? "")")
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
