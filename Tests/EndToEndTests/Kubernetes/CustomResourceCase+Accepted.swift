// SPDX-License-Identifier: Apache-2.0

extension CustomResourceCase {
    private static let web = #""bundleEndpointURL": "https://b.test", "bundleEndpointProfile": {"type": "https_web"}"#
    private static let ids = #""spiffeID": "spiffe://a.test/db", "parentID": "spiffe://a.test/node""#

    /// Objects that the upstream definitions and the upstream controller's own checks accept.
    static let acceptedUpstream: [CustomResourceCase] = [
        .partner(
            "https_spiffe with everything",
            #"""
            "trustDomain": "b.test", "className": "spire-mgmt-spire", "trustDomainBundle": "\n {\"keys\": []}",
            "bundleEndpointURL": "https://b.test:8443/path?query",
            "bundleEndpointProfile": {"type": "https_spiffe", "endpointSPIFFEID": "spiffe://other.test/spire/server"}
            """#),
        .partner("https_web", #""trustDomain": "b.test", \#(web)"#),
        .partner("trust domain as an ID", #""trustDomain": "spiffe://b.test", \#(web)"#),
        .partner("trust domain as an ID with path", #""trustDomain": "spiffe://b.test/a/b", \#(web)"#),
        .partner("empty texts", #""trustDomain": "b", "trustDomainBundle": "", "className": "", \#(web)"#),
        .partner(
            "empty endpoint ID for https_web",
            #"""
            "trustDomain": "b.test", "bundleEndpointURL": "https://b.test",
            "bundleEndpointProfile": {"type": "https_web", "endpointSPIFFEID": ""}
            """#),
        .partner(
            "scheme in capitals, address, port, a path with an @",
            #"""
            "trustDomain": "b.test", "bundleEndpointURL": "HTTPS://[2001:db8::1]:8443/who@b",
            "bundleEndpointProfile": {"type": "https_web"}
            """#),
        .partner("a field that nobody knows", #""trustDomain": "b.test", "sequence": 3, \#(web)"#),
        .pods("only a template", #""spiffeIDTemplate": "spiffe://{{.TrustDomain}}/ns/{{ .PodMeta.Namespace -}}""#),
        .pods("braces in a literal", #""spiffeIDTemplate": "spiffe://{{.TrustDomain}}/{{ \"}{{\" }}""#),
        .pods(
            "everything",
            #"""
            "spiffeIDTemplate": "spiffe://a.test/x", "ttl": "1h30m", "jwtTtl": "0", "className": "c", "hint": "h",
            "dnsNameTemplates": ["{{.PodMeta.Name}}.a.test", ""], "workloadSelectorTemplates": ["k8s:ns:{{.PodMeta.Namespace}}"],
            "federatesWith": ["b.test", "spiffe://c.test", "spiffe://d.test/path"], "admin": true, "downstream": false,
            "autoPopulateDNSNames": true, "fallback": true,
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop", "empty": ""}},
            "podSelector": {
                "matchExpressions": [
                    {"key": "app", "operator": "In", "values": ["a", "b_c.d"]}, {"key": "app", "operator": "NotIn", "values": [""]},
                    {"key": "example.org/tier", "operator": "Exists"}, {"key": "x", "operator": "DoesNotExist", "values": []}
                ]
            }
            """#),
        .pods("every unit of time", #""spiffeIDTemplate": "x", "ttl": "1h2m3.5s4ms5us6µs7μs8ns", "jwtTtl": ".5h""#),
        .pods("empty selectors", #""spiffeIDTemplate": "x", "namespaceSelector": {}, "podSelector": {}"#),
        .entry("only what it needs", #"\#(ids), "selectors": ["unix:uid:1000"]"#),
        .entry(
            "everything",
            #"""
            \#(ids), "selectors": ["k8s:ns:default", "x: "], "federatesWith": ["b.test"], "x509SVIDTTL": "300s",
            "jwtSVIDTTL": "5m", "dnsNames": ["db"], "hint": "h", "admin": true, "downstream": true, "storeSVID": true,
            "className": "c"
            """#),
        .entry(
            "another trust domain, no path",
            #""spiffeID": "spiffe://b.test", "parentID": "spiffe://c.test/x", "selectors": ["a:b"]"#),
    ]

    /// Objects that only Comity takes.
    static let acceptedHere: [CustomResourceCase] = [
        .partner(
            "S44: the spelling of the operator's resource",
            #"""
            "trustDomain": "b.test", "bundleEndpointUrl": "https://b.test",
            "bundleEndpointProfile": {"type": "https_spiffe", "endpointSpiffeId": "spiffe://b.test/spire/server"}
            """#),
        .partner(
            "both spellings alike",
            #"""
            "trustDomain": "b.test", "bundleEndpointUrl": "https://b.test", "bundleEndpointURL": "https://b.test",
            "bundleEndpointProfile": {
                "type": "https_spiffe", "endpointSpiffeId": "spiffe://b.test/s", "endpointSPIFFEID": "spiffe://b.test/s"
            }
            """#),
        .partner(
            "a bundle alone", #""trustDomain": "b.test", "trustDomainBundle": "{\"keys\": []}", "onDelete": "dissolve""#
        ),
        .partner(
            "a bundle in a Secret",
            #"""
            "trustDomain": "b.test", "onDelete": "retain",
            "trustDomainBundleFrom": {"secretKeyRef": {"namespace": "spire", "name": "b", "key": "bundle.json"}}
            """#),
        .pods("jwtTTL", #""spiffeIDTemplate": "x", "jwtTTL": "5m""#),
        .pods("both spellings alike", #""spiffeIDTemplate": "x", "jwtTTL": "5m", "jwtTtl": "5m""#),
    ]
}
