// SPDX-License-Identifier: Apache-2.0

extension CustomResourceCase {
    private static let web = #""bundleEndpointProfile": {"type": "https_web"}"#
    private static let url = #""bundleEndpointURL": "https://b.test""#

    /// Objects that upstream refuses, some of them only when its webhook runs, or by failing to read any object at all.
    static let refused: [CustomResourceCase] = [
        .partner(
            "capital letters", #""trustDomain": "ABC.test", \#(url), \#(web)"#, "must match",
            "spec.trustDomain: trustDomain must be a name of at most 255 lower-case letters"),
        .partner("no trust domain", "\(url), \(web)", "trustDomain is required"),
        .partner("empty trust domain", #""trustDomain": "", \#(url), \#(web)"#, "must match", "trustDomain must be"),
        .partner(
            "http", #""trustDomain": "b.test", "bundleEndpointURL": "http://b.test", \#(web)"#,
            "spec.bundleEndpointURL: bundleEndpointURL must begin with https://"),
        .partner(
            "no URL", #""trustDomain": "b.test", "bundleEndpointURL": "b.test:8443", \#(web)"#,
            "bundleEndpointURL must begin with https://"),
        .partner(
            "a password", #""trustDomain": "b.test", "bundleEndpointURL": "https://me:secret@b.test", \#(web)"#,
            "bundleEndpointURL must not hold a user or password: remove what stands before the @"),
        .partner(
            "no host", #""trustDomain": "b.test", "bundleEndpointURL": "https:///bundle", \#(web)"#,
            "bundleEndpointURL must name a host"),
        .partner(
            "only a port", #""trustDomain": "b.test", "bundleEndpointURL": "https://:8443", \#(web)"#,
            "bundleEndpointURL must name a host"),
        .partner(
            "the alias is looked at likewise", #""trustDomain": "b.test", "bundleEndpointUrl": "http://me@", \#(web)"#,
            "bundleEndpointUrl must begin with https://", "bundleEndpointUrl must not hold a user",
            "bundleEndpointUrl must name a host"),
        .partner(
            "S2: the snippet that ends after the URL", #""trustDomain": "b.test", \#(url)"#,
            "spec.bundleEndpointProfile: bundleEndpointProfile is missing: say how the endpoint proves itself"),
        .partner(
            "no URL at all", #""trustDomain": "b.test", \#(web)"#,
            "spec.bundleEndpointURL: bundleEndpointURL is missing"),
        .partner("nothing", #""trustDomain": "b.test""#, "nothing says where the bundle comes from"),
        .partner("an empty bundle alone", #""trustDomain": "b.test", "trustDomainBundle": """#, "nothing says where"),
        .partner(
            "https_spiffe without ID",
            #""trustDomain": "b.test", \#(url), "bundleEndpointProfile": {"type": "https_spiffe", "endpointSPIFFEID": ""}"#,
            "endpointSPIFFEID: endpointSPIFFEID is missing for https_spiffe"),
        .partner(
            "https_web with ID",
            #"""
            "trustDomain": "b.test", \#(url),
            "bundleEndpointProfile": {"type": "https_web", "endpointSPIFFEID": "spiffe://b.test/spire/server"}
            """#, "endpointSPIFFEID must not be set for https_web"),
        .partner(
            "an ID that is none",
            #""trustDomain": "b.test", \#(url), "bundleEndpointProfile": {"type": "https_spiffe", "endpointSPIFFEID": "b.test"}"#,
            "endpointSPIFFEID must be a SPIFFE ID such as spiffe://partner.example/spire/server"),
        .partner(
            "dots for a path",
            #"""
            "trustDomain": "b.test", \#(url),
            "bundleEndpointProfile": {"type": "https_spiffe", "endpointSpiffeId": "spiffe://b.test/../server"}
            """#, "endpointSpiffeId must be a SPIFFE ID"),
        .partner(
            "an unknown profile", #""trustDomain": "b.test", \#(url), "bundleEndpointProfile": {"type": "spiffe"}"#,
            "type: must be one of https_spiffe, https_web"),
        .partner(
            "spellings that differ",
            #"""
            "trustDomain": "b.test", \#(url), "bundleEndpointUrl": "https://c.test",
            "bundleEndpointProfile": {
                "type": "https_spiffe", "endpointSPIFFEID": "spiffe://b.test/a", "endpointSpiffeId": "spiffe://b.test/b"
            }
            """#, "endpointSPIFFEID and endpointSpiffeId name different IDs: keep endpointSPIFFEID",
            "bundleEndpointURL and bundleEndpointUrl name different URLs: keep bundleEndpointURL"),
        .partner(
            "a bundle in PEM", #""trustDomain": "b.test", "trustDomainBundle": "-----BEGIN CERTIFICATE-----""#,
            "trustDomainBundle must be the JSON text of a bundle document"),
        .partner(
            "two places for the bundle",
            #"""
            "trustDomain": "b.test", "trustDomainBundle": "{}",
            "trustDomainBundleFrom": {"configMapKeyRef": {"namespace": "a", "name": "b", "key": "c"}}
            """#, "trustDomainBundle and trustDomainBundleFrom are both given"),
        .partner(
            "no place for the bundle", #""trustDomain": "b.test", "trustDomainBundleFrom": {}"#,
            "trustDomainBundleFrom must have either secretKeyRef or configMapKeyRef"),
        .pods(
            "an empty template", #""spiffeIDTemplate": """#,
            "spiffeIDTemplate must not be empty: write for example spiffe://{{.TrustDomain}}/ns/"),
        .pods("no template", #""ttl": "1h""#, "spiffeIDTemplate is required"),
        .pods(
            "an open action", #""spiffeIDTemplate": "spiffe://{{.TrustDomain}/x""#,
            "a template action is not closed: every {{ needs its }}"),
        .pods(
            "open actions in lists",
            #""spiffeIDTemplate": "x", "dnsNameTemplates": ["a", "{{b"], "workloadSelectorTemplates": ["k8s:{{"]"#,
            "dnsNameTemplates[1]: a template action", "workloadSelectorTemplates[0]: a template action"),
        .pods(
            "days", #""spiffeIDTemplate": "x", "ttl": "5d""#, "must match",
            "ttl: must be a duration of hours, minutes and seconds, such as 1h30m or 300s: days and weeks are no units"),
        .pods("a number", #""spiffeIDTemplate": "x", "ttl": 3600"#, "ttl: must be of type string"),
        .pods("a number as text", #""spiffeIDTemplate": "x", "jwtTtl": "3600""#, "must match", "must be a duration"),
        .pods("less than nothing", #""spiffeIDTemplate": "x", "ttl": "-5m""#, "must match", "must be a duration"),
        .pods("an empty time", #""spiffeIDTemplate": "x", "ttl": """#, "must match", "must be a duration"),
        .pods(
            "spellings that differ", #""spiffeIDTemplate": "x", "jwtTtl": "5m", "jwtTTL": "6m""#,
            "jwtTtl and jwtTTL differ: keep jwtTtl and remove the other"),
        .pods(
            "a foreign trust domain in capitals", #""spiffeIDTemplate": "x", "federatesWith": ["b.test", "B.test"]"#,
            "must match", "federatesWith[1]: federatesWith must list names of trust domains"),
        .pods(
            "operators without their values",
            #"""
            "spiffeIDTemplate": "x", "podSelector": {
                "matchExpressions": [
                    {"key": "a", "operator": "In"}, {"key": "a", "operator": "Exists", "values": ["b"]},
                    {"key": "a", "operator": "in"}
                ]
            }
            """#, "matchExpressions[0].values: values must not be empty for the operators In and NotIn",
            "matchExpressions[1].values: values must be empty for the operators Exists and DoesNotExist",
            "operator: must be one of In, NotIn, Exists, DoesNotExist"),
        .pods(
            "a label value with a slash",
            #""spiffeIDTemplate": "x", "namespaceSelector": {"matchLabels": {"a": "b/c"}}"#,
            "matchLabels.a: must match"),
        .entry(
            "IDs that are none", #""spiffeID": "db", "parentID": "spiffe://A.test/x", "selectors": ["a:b"]"#,
            "must match",
            "spiffeID must be a SPIFFE ID such as spiffe://example.org/db", "must match",
            "parentID must be the SPIFFE ID of an agent"),
        .entry(
            "selectors that are none",
            #""spiffeID": "spiffe://a.test/db", "parentID": "spiffe://a.test/x", "selectors": ["unix", "unix:", ":1"]"#,
            "selectors[0]: selectors must list texts of the form type:value", "selectors[1]", "selectors[2]"),
        .entry(
            "no selector", #""spiffeID": "spiffe://a.test/db", "parentID": "spiffe://a.test/x", "selectors": []"#,
            "selectors: is too short"),
        .entry("nothing", "", "spiffeID is required", "parentID is required", "selectors is required"),
        .entry(
            "days",
            #"""
            "spiffeID": "spiffe://a.test/db", "parentID": "spiffe://a.test/x", "selectors": ["a:b"], "x509SVIDTTL": "1d",
            "jwtSVIDTTL": "1w"
            """#, "must match", "x509SVIDTTL: must be a duration", "must match", "jwtSVIDTTL: must be a duration"),
    ]
}
