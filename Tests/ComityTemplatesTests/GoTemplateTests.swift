// SPDX-License-Identifier: Apache-2.0

import ComityResources
import ComityTemplates
import SPIFFE
import Testing

@Suite struct GoTemplateTests {
    static let pod = """
        {
            "name": "web-7", "namespace": "shop", "uid": "u-7",
            "labels": {"app": "web", "app.kubernetes.io/name": "shop-web", "tier": "front"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "web-77", "controller": true}]
        }
        """
    static let spec = """
        {
            "serviceAccountName": "web-sa", "nodeName": "node-1", "priority": 5,
            "containers": [{"name": "main", "image": "shop:1", "tty": true}, {"name": "side", "image": "proxy:2"}]
        }
        """

    private static let root = TemplateType(
        "TemplateData",
        [
            "trustDomain": .string, "podMeta": .record(.objectMeta), "podSpec": .record(.podSpec),
            "nothing": .optional(.record(.nodeSpec)),
        ])

    private func data() throws -> TemplateValue {
        let json = try JSONValue(
            parsing: Array("{\"trustDomain\": \"one.test\", \"podMeta\": \(Self.pod), \"podSpec\": \(Self.spec)}".utf8),
            maximumBytes: 65536)
        return .record(TemplateRecord(Self.root, json: json))
    }

    private func render(_ text: String) throws -> String {
        try GoTemplate(text, name: "t").render(try data())
    }

    @Test(
        arguments: [
            (
                "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}",
                "spiffe://one.test/ns/shop/sa/web-sa"
            ),
            ("{{.PodMeta.UID}} {{.PodMeta.GetName}} {{(index .PodSpec.Containers 0).TTY}}", "u-7 web-7 true"),
            ("{{ .PodMeta.Labels.app }}-{{ .PodMeta.Labels.none }}", "web-<no value>"),
            (
                "{{ index .PodMeta.Labels \"app.kubernetes.io/name\" }}[{{ index .PodMeta.Labels \"none\" }}]",
                "shop-web[]"
            ),
            ("{{if .PodSpec.HostNetwork}}host{{else if .PodSpec.NodeName}}node{{else}}none{{end}}", "node"),
            ("{{with .PodMeta.Annotations}}some{{else}}none{{end}}", "none"),
            ("{{with .PodMeta.Labels}}{{.tier}}{{$.TrustDomain}}{{end}}", "frontone.test"),
            ("{{range .PodSpec.Containers}}{{.Name}}={{.Image}};{{end}}", "main=shop:1;side=proxy:2;"),
            ("{{range $i, $c := .PodSpec.Containers}}{{$i}}{{$c.Name}}{{end}}", "0main1side"),
            (
                "{{range $k, $v := .PodMeta.Labels}}{{$k}}={{$v}},{{end}}",
                "app=web,app.kubernetes.io/name=shop-web,tier=front,"
            ),
            ("{{range .PodSpec.Volumes}}x{{else}}none{{end}}", "none"),
            ("{{range $i, $c := .PodSpec.Containers}}{{if $i}}{{break}}{{end}}{{$c.Name}}{{end}}", "main"),
            ("{{range $i, $c := .PodSpec.Containers}}{{if not $i}}{{continue}}{{end}}{{$c.Name}}{{end}}", "side"),
            ("{{range 3}}{{.}}{{end}}", "012"),
            ("{{$x := \"a\"}}{{if true}}{{$x = \"b\"}}{{end}}{{$x}}", "b"),
            ("{{$x := \"a\"}}{{if true}}{{$x := \"b\"}}{{$x}}{{end}}{{$x}}", "ba"),
            ("a {{- /* gone */ -}} b {{- .TrustDomain -}} c", "abone.testc"),
            ("{{define \"id\"}}<{{.}}>{{end}}{{template \"id\" .PodMeta.Name}}", "<web-7>"),
            ("{{block \"b\" .PodMeta}}{{.Name}}{{end}}", "web-7"),
            ("{{ .PodMeta.Name | printf \"%s-%d\" \"x\" 3 }}", "x-3%!(EXTRA string=web-7)"),
            (
                "{{ printf \"%q %v %5d|%-5s|%05d %t %x\" \"a\\\"b\" true 42 \"ab\" 42 false \"hi\" }}",
                "\"a\\\"b\" true    42|ab   |00042 false 6869"
            ),
            (
                "{{ printf \"%s\" 3 }} {{ printf \"%d\" }} {{ printf \"%v %T\" .PodSpec.Priority 1.5 }}",
                "%!s(int=3) %!d(MISSING) 5 float64"
            ),
            ("{{print 1 2 \"a\" 3}}|{{println \"a\" 1}}", "1 2a3|a 1\n"),
            ("{{len .PodSpec.Containers}}{{len \"grün\"}}{{slice \"abcdef\" 1 3}}", "25bc"),
            (
                "{{eq .PodMeta.Name \"a\" \"web-7\"}}{{ne 1 2}}{{lt 1 2}}{{ge \"b\" \"a\"}}{{eq .PodMeta.Labels.none \"x\"}}",
                "truetruetruetruefalse"
            ),
            ("{{and 1 0 .PodMeta.Nothing}}{{or \"\" \"b\"}}{{not \"\"}}", "0btrue"),
            ("{{html \"<a&'>\"}} {{urlquery \"a b/c\"}} {{js \"it's\"}}", "&lt;a&amp;&#39;&gt; a+b%2Fc it\\'s"),
            (
                "{{0x1F}} {{'a'}} {{1.50}} {{1e3}} {{`raw\\n`}} {{\"\\u00e9\"}} {{1_000}} {{-5}}",
                "31 97 1.5 1000 raw\\n é 1000 -5"
            ),
            ("{{ printf \"%q %x %X\" \"a\\a\\u00e9\" \"hi\" \"jk\" }}", "\"a\\aé\" 6869 6A6B"),
            ("{{(print .TrustDomain \"/\" .PodMeta.Name)}}", "one.test/web-7"),
            ("{{.Nothing}}|{{.PodMeta.DeletionTimestamp}}", "<nil>|<nil>"),
            ("{{(index .PodMeta.OwnerReferences 0).Kind}}", "ReplicaSet"),
            ("{{\"}}\"}}", "}}"),
        ] as [(String, String)])
    func rendersAsGoDoes(text: String, output: String) throws {
        #expect(try render(text) == output)
    }

    @Test(
        arguments: [
            ("{{.A", "unclosed action"), ("{{if .A}}x", "unexpected EOF"), ("{{end}}", "unexpected {{end}}"),
            ("{{else}}", "unexpected {{else}}"), ("{{}}", "missing value for command"),
            ("{{if}}x{{end}}", "missing value for if"), ("{{upper .A}}", "function \"upper\" not defined"),
            ("{{$x}}", "undefined variable \"$x\""), ("{{\"a}}", "unterminated quoted string"),
            ("{{`a}}", "unterminated raw quoted string"), ("{{/* a", "unclosed comment"),
            ("{{.A | }}", "missing value"),
            ("{{(.A}}", "in parenthesized pipeline"), ("{{break}}", "{{break}} outside {{range}}"),
            ("{{1x}}", "bad number syntax"),
            ("{{'ab'}}", "malformed character constant"),
            ("{{define \"a\"}}{{end}}{{define \"a\"}}{{end}}", "multiple definition"),
            ("{{if true}}{{define \"a\"}}{{end}}{{end}}", "unexpected {{define}}"),
            ("{{1 | 2}}", "non executable command"),
            ("{{if .A}}a{{else}}b{{else}}c{{end}}", "expected end; found {{else}}"), ("line\n{{#}}", "template: t:2:"),
        ])
    func refusesWhatIsNoTemplate(text: String, reason: String) throws {
        let error = #expect(throws: TemplateError.self) { try GoTemplate(text, name: "t") }
        #expect(error?.code == .syntax)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test(
        arguments: [
            ("{{.PodMeta.namespace}}", "at <.PodMeta.namespace>: can't evaluate field namespace in type v1.ObjectMeta"),
            ("{{.Nothing.PodCIDR}}", "nil pointer evaluating interface {}.PodCIDR"),
            ("{{.PodMeta.Name.First}}", "can't evaluate field First in type string"),
            ("{{.PodMeta.Name 1}}", "can't give argument to non-function .PodMeta.Name"),
            ("{{nil}}", "nil is not a command"),
            ("{{index .PodSpec.Containers 9}}", "error calling index: index out of range: 9"),
            ("{{len 3}}", "error calling len: len of type int"), ("{{template \"x\"}}", "template \"x\" not defined"),
            ("{{lt 1 \"a\"}}", "error calling lt: incompatible types for comparison"),
            ("{{range .TrustDomain}}{{end}}", "range can't iterate over one.test"),
            ("{{eq 1}}", "error calling eq: missing argument for comparison"),
            ("{{slice \"abc\" 2 1}}", "invalid slice index: 2 > 1"),
        ])
    func refusesWhatTheDataDoNotHave(text: String, reason: String) throws {
        let error = #expect(throws: TemplateError.self) { try render(text) }
        #expect(error?.code == .execution)
        #expect(error?.message.hasPrefix("template: t:1:") == true)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test(
        arguments: [
            "{{range 1000}}{{range 1000}}{{end}}{{end}}", "{{range 99999999999}}{{end}}",
            "{{define \"a\"}}{{template \"a\" .}}{{end}}{{template \"a\" .}}",
            "{{define \"a\"}}{{template \"b\" .}}{{end}}{{define \"b\"}}{{template \"a\" .}}{{end}}{{template \"a\" .}}",
            "{{range 70000}}ab{{end}}", "{{range 200}}{{printf \"%1000d\" 1}}{{end}}",
            "{{$x := \"aaaaaaaaaaaaaaaa\"}}{{range 40}}{{$x = print $x $x}}{{end}}",
        ])
    func endsWhatLoopsOrExplodes(text: String) throws {
        let error = #expect(throws: TemplateError.self) { try render(text) }
        #expect(error?.code == .limit, "\(error?.message ?? "")")
    }

    @Test(
        arguments: [
            String(repeating: "x", count: 70_000),
            String(repeating: "{{if true}}", count: 100) + String(repeating: "{{end}}", count: 100),
            "{{" + String(repeating: "(", count: 100) + "1" + String(repeating: ")", count: 100) + "}}",
            "{{if true}}a" + String(repeating: "{{else if true}}b", count: 100) + "{{end}}",
        ])
    func boundsTheTextItself(text: String) throws {
        let error = #expect(throws: TemplateError.self) { try GoTemplate(text, name: "t") }
        #expect(error?.code == .limit)
    }
}
