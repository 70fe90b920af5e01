// SPDX-License-Identifier: Apache-2.0

import ComityResources
import ComityTesting
import SPIFFE
import Testing

/// What the upstream controller takes is taken; what it refuses is refused with the field, the fault and what may be there.
@Suite struct UpstreamObjectsTests {
    private func read(_ kind: String, _ spec: String) throws -> [String] {
        let json = try ResourceFixture.object("a", spec)
        switch kind {
        case ClusterSPIFFEID.kind: return try ClusterSPIFFEID(json: json).warnings
        case ClusterFederatedTrustDomain.kind: return try ClusterFederatedTrustDomain(json: json).warnings
        default: return try ClusterStaticEntry(json: json).warnings
        }
    }

    private static let web = #""bundleEndpointProfile": {"type": "https_web"}"#

    static let clusterSPIFFEIDs = [
        #""spiffeIDTemplate": "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}""#,
        #""spiffeIDTemplate": "spiffe://one.test/x", "ttl": "1h30m", "jwtTtl": "300s""#,
        #""spiffeIDTemplate": "x", "ttl": "0", "jwtTtl": "1.5h""#,
        #""spiffeIDTemplate": "x", "federatesWith": ["two.test", "spiffe://three.test", "spiffe://four.test/path"]"#,
        #""spiffeIDTemplate": "x", "namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "web"}}"#,
        """
        "spiffeIDTemplate": "x", "podSelector": {"matchExpressions": [
            {"key": "a", "operator": "In", "values": ["b"]}, {"key": "c", "operator": "NotIn", "values": ["d"]},
            {"key": "e", "operator": "Exists"}, {"key": "f", "operator": "DoesNotExist"}]}
        """,
        #""spiffeIDTemplate": "x", "admin": true, "downstream": false, "autoPopulateDNSNames": true, "fallback": true"#,
        """
        "spiffeIDTemplate": "x", "dnsNameTemplates": ["{{ .PodMeta.Name }}.test"], "hint": "internal",
        "workloadSelectorTemplates": ["k8s:ns:{{ .PodMeta.Namespace }}"], "className": "zero-trust"
        """,
        #""spiffeIDTemplate": "{{ index .PodMeta.Labels \"app.kubernetes.io/name\" | printf \"%q\" }}""#,
        #""spiffeIDTemplate": "x", "ttl": null, "podSelector": null, "federatesWith": null"#,
    ]

    static let federatedTrustDomains = [
        #""trustDomain": "two.test", "bundleEndpointURL": "https://two.test:8443", \#(web)"#,
        #""trustDomain": "two-2_x.test", "bundleEndpointURL": "https://10.0.0.1:8443/bundle?x=1", \#(web)"#,
        #""trustDomain": "two.test", "bundleEndpointURL": "HTTPS://two.test", \#(web), "className": "c""#,
        #""trustDomain": "two.test", "bundleEndpointURL": "https://[::1]:8443", \#(web), "trustDomainBundle": """#,
        """
        "trustDomain": "two.test", "bundleEndpointURL": "https://two.test",
        "bundleEndpointProfile": {"type": "https_spiffe", "endpointSPIFFEID": "spiffe://three.test/spire/server"}
        """,
        """
        "trustDomain": "two.test", "bundleEndpointURL": "https://two.test", \(web),
        "trustDomainBundle": "{\\"keys\\": [{\\"use\\": \\"something\\", \\"kty\\": \\"oct\\"}]}"
        """,
    ]

    static let clusterStaticEntries = [
        #""spiffeID": "spiffe://one.test/a", "parentID": "spiffe://one.test/b", "selectors": ["unix:uid:1"]"#,
        """
        "spiffeID": "spiffe://one.test/a", "parentID": "spiffe://other.test/b", "selectors": ["k8s:ns:a", "x:y"],
        "federatesWith": ["two.test"], "x509SVIDTTL": "1h", "jwtSVIDTTL": "5m", "dnsNames": ["a.test"], "hint": "h",
        "admin": true, "downstream": true, "storeSVID": false, "className": "c"
        """,
    ]

    @Test(
        arguments: clusterSPIFFEIDs.map { (ClusterSPIFFEID.kind, $0) }
            + federatedTrustDomains.map { (ClusterFederatedTrustDomain.kind, $0) }
            + clusterStaticEntries.map { (ClusterStaticEntry.kind, $0) })
    func takes(kind: String, spec: String) throws {
        _ = try read(kind, spec)
    }

    static let refusals: [(kind: String, spec: String, message: String)] = [
        (ClusterSPIFFEID.kind, "", "spec.spiffeIDTemplate must not be empty"),
        (ClusterSPIFFEID.kind, #""spiffeIDTemplate": "{{ .A ""#, "spec.spiffeIDTemplate is no template"),
        (ClusterSPIFFEID.kind, #""spiffeIDTemplate": "{{ upper .A }}""#, "function \"upper\" not defined"),
        (
            ClusterSPIFFEID.kind, #""spiffeIDTemplate": "x", "ttl": "5d""#,
            "spec.ttl is no duration such as 1h30m"
        ),
        (
            ClusterSPIFFEID.kind, #""spiffeIDTemplate": "x", "federatesWith": ["ok.test", "NOT OK"]"#,
            "spec.federatesWith[1]"
        ),
        (
            ClusterSPIFFEID.kind, #""spiffeIDTemplate": "x", "workloadSelectorTemplates": ["{{"]"#,
            "spec.workloadSelectorTemplates[0] is no template"
        ),
        (
            ClusterSPIFFEID.kind,
            #""spiffeIDTemplate": "x", "podSelector": {"matchExpressions": [{"key": "a", "operator": "Is"}]}"#,
            "must be In, NotIn, Exists or DoesNotExist"
        ),
        (
            ClusterFederatedTrustDomain.kind,
            #""trustDomain": "ABC.example", "bundleEndpointURL": "https://a", \#(web)"#,
            "spec.trustDomain"
        ),
        (
            ClusterFederatedTrustDomain.kind, #""trustDomain": "two.test", "bundleEndpointURL": "http://a", \#(web)"#,
            "must use the https scheme"
        ),
        (
            ClusterFederatedTrustDomain.kind,
            #""trustDomain": "two.test", "bundleEndpointURL": "https://u:p@a", \#(web)"#,
            "must not contain user info"
        ),
        (
            ClusterFederatedTrustDomain.kind, #""trustDomain": "two.test", "bundleEndpointURL": "https:///x", \#(web)"#,
            "must specify the host"
        ),
        (
            ClusterFederatedTrustDomain.kind, #""trustDomain": "two.test", "bundleEndpointURL": "https://a""#,
            "spec.bundleEndpointProfile is missing: it says how the endpoint proves itself, as {type: https_spiffe, endpointSPIFFEID: spiffe://two.test/spire/server}"
        ),
        (
            ClusterFederatedTrustDomain.kind,
            #""trustDomain": "two.test", "bundleEndpointURL": "https://a", "bundleEndpointProfile": {"type": "https_spiffe"}"#,
            "spec.bundleEndpointProfile.endpointSPIFFEID must be set for https_spiffe"
        ),
        (
            ClusterFederatedTrustDomain.kind,
            #""trustDomain": "two.test", "bundleEndpointURL": "https://a", "bundleEndpointProfile": {"type": "https_spiffe", "endpointSPIFFEID": "two.test/server"}"#,
            "spec.bundleEndpointProfile.endpointSPIFFEID"
        ),
        (
            ClusterFederatedTrustDomain.kind,
            #""trustDomain": "two.test", "bundleEndpointURL": "https://a", \#(web), "trustDomainBundle": "{\"keys\": null}""#,
            "spec.trustDomainBundle"
        ),
        (
            ClusterFederatedTrustDomain.kind,
            #""trustDomain": "two.test", "bundleEndpointURL": "https://a", \#(web), "trustDomainBundle": "{\"keys\": [{\"use\": \"jwt-svid\"}]}""#,
            "has a broken key at position 0"
        ),
        (
            ClusterStaticEntry.kind, #""parentID": "spiffe://one.test/b", "selectors": ["unix:uid:1"]"#,
            "spec.spiffeID must not be empty"
        ),
        (
            ClusterStaticEntry.kind,
            #""spiffeID": "spiffe://one.test/a", "parentID": "one.test/b", "selectors": ["unix:uid:1"]"#,
            "spec.parentID"
        ),
        (
            ClusterStaticEntry.kind,
            #""spiffeID": "spiffe://one.test/a", "parentID": "spiffe://one.test/b", "selectors": ["unix:uid:1", "unix:"]"#,
            "spec.selectors[1]"
        ),
        (
            ClusterStaticEntry.kind,
            #""spiffeID": "spiffe://one.test/a", "parentID": "spiffe://one.test/b", "selectors": [":uid"]"#,
            "spec.selectors[0]"
        ),
        (
            ClusterStaticEntry.kind,
            #""spiffeID": "spiffe://one.test/a", "parentID": "spiffe://one.test/b", "selectors": ["a:b"], "jwtSVIDTTL": "1w""#,
            "spec.jwtSVIDTTL is no duration such as 1h30m"
        ),
    ]

    @Test("S2: what upstream refuses is refused by the field's name and with what may be there", arguments: 0..<21)
    func refuses(row: Int) {
        let (kind, spec, message) = Self.refusals[row]
        let error = #expect(throws: ResourceError.self) { _ = try read(kind, spec) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func everyRefusalIsTried() {
        #expect(Self.refusals.count == 21)
    }
}
