// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import ComityTesting
import SPIFFE
import Testing

@Suite struct ResourceReadingTests {
    @Test(
        arguments: [
            ("", "spec.spiffeIDTemplate must not be empty"),
            ("\"spiffeIDTemplate\": 3", "spec.spiffeIDTemplate must be text"),
            ("\"spiffeIDTemplate\": \"{{\"", "spec.spiffeIDTemplate is no template"),
            ("\"spiffeIDTemplate\": \"x\", \"ttl\": \"5d\"", "spec.ttl is no duration such as 1h30m"),
            ("\"spiffeIDTemplate\": \"x\", \"ttl\": \"-5s\"", "spec.ttl is no duration from 0s"),
            ("\"spiffeIDTemplate\": \"x\", \"federatesWith\": [\"UPPER\"]", "spec.federatesWith[0]"),
            (
                "\"spiffeIDTemplate\": \"x\", \"dnsNameTemplates\": [\"ok\", \"{{x}}\"]",
                "spec.dnsNameTemplates[1] is no template"
            ),
            (
                "\"spiffeIDTemplate\": \"x\", \"podSelector\": {\"matchLabel\": {}}",
                "spec.podSelector.matchLabel is not known"
            ),
            (
                "\"spiffeIDTemplate\": \"x\", \"podSelector\": {\"matchExpressions\": [{\"key\": \"a\", \"operator\": \"in\"}]}",
                "must be In, NotIn, Exists or DoesNotExist"
            ),
            (
                "\"spiffeIDTemplate\": \"x\", \"podSelector\": {\"matchExpressions\": [{\"key\": \"a\", \"operator\": \"In\"}]}",
                "values must not be empty for In"
            ),
            ("\"spiffeIDTemplate\": \"x\", \"admin\": \"yes\"", "spec.admin must be true or false"),
        ])
    func refusesAClusterSPIFFEID(spec: String, reason: String) throws {
        let error = #expect(throws: ResourceError.self) { try ResourceFixture.clusterSPIFFEID("a", spec) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func readsAClusterStaticEntry() throws {
        let entry = try ClusterStaticEntry(
            json: try ResourceFixture.object(
                "a",
                """
                "spiffeID": "spiffe://one.test/db", "parentID": "spiffe://one.test/node", "selectors": ["unix:uid:1", "x:a:b"],
                "federatesWith": ["two.test"], "x509SVIDTTL": "1h", "jwtSVIDTTL": "1m", "dnsNames": ["db"], "hint": "h",
                "storeSVID": true
                """
            )
        ).entry
        #expect(entry.spiffeID.uri == "spiffe://one.test/db")
        #expect(entry.selectors == [try Selector("unix:uid:1"), try Selector("x:a:b")])
        #expect(entry.x509SVIDTTL == 3600 && entry.jwtSVIDTTL == 60)
        #expect(entry.storesSVID && !entry.isAdmin)
        let bare = try ResourceFixture.object(
            "a",
            "\"spiffeID\": \"spiffe://one.test/db\", \"parentID\": \"spiffe://one.test/node\", \"selectors\": [\"unix\"]"
        )
        #expect(throws: ResourceError.self) { try ClusterStaticEntry(json: bare) }
    }

    @Test func readsAClusterFederatedTrustDomain() throws {
        let resource = try ClusterFederatedTrustDomain(
            json: try ResourceFixture.object(
                "b",
                """
                "trustDomain": "two.test", "bundleEndpointURL": "https://two.example:8443", "className": "c",
                "bundleEndpointProfile": {"type": "https_spiffe", "endpointSPIFFEID": "spiffe://two.test/spire/server"}
                """
            ))
        let id = try SPIFFEID("spiffe://two.test/spire/server")
        #expect(
            resource.relationship
                == FederationRelationship(
                    trustDomain: try TrustDomain("two.test"), bundleEndpointURL: "https://two.example:8443",
                    profile: .httpsSPIFFE(endpointID: id)))
        #expect(resource.bundle == nil && resource.warnings.isEmpty && resource.className == "c")
        #expect(resource.retention == .retain && resource.bundleReference == nil)
    }

    @Test func readsABundleWithoutAnEndpoint() throws {
        let resource = try ClusterFederatedTrustDomain(
            json: try ResourceFixture.object(
                "b",
                """
                "trustDomain": "two.test", "onDelete": "dissolve",
                "trustDomainBundleFrom": {"configMapKeyRef": {"namespace": "n", "name": "m", "key": "k"}}
                """))
        #expect(resource.relationship == nil && resource.bundle == nil && resource.retention == .dissolve)
        #expect(resource.bundleReference?.description == "key \"k\" of ConfigMap n/m")
        let bundle = try SPIFFEBundle.fixture(of: try TrustDomain("two.test"))
        let text = String(decoding: bundle.document(), as: UTF8.self)
        #expect(try resource.taking(bundle: text).bundle?.bundle == bundle)
        let error = #expect(throws: ResourceError.self) { try resource.taking(bundle: "{}") }
        #expect(error?.message.hasPrefix("key \"k\" of ConfigMap n/m ") == true)
    }

    @Test("S52: the server's own trust domain is refused") func refusesItsOwnTrustDomain() throws {
        let json = try ResourceFixture.federatedTrustDomain("b", "two.test")
        let error = #expect(throws: ResourceError.self) {
            try ClusterFederatedTrustDomain(json: json, ownTrustDomain: try TrustDomain("two.test"))
        }
        #expect(error?.message.contains("\"two.test\", this server's own trust domain") == true)
        #expect(ClusterFederatedTrustDomain.trustDomain(of: json)?.name == "two.test")
    }

    @Test func saysWhichFieldsHaveNoEffect() throws {
        let json = try ResourceFixture.federatedTrustDomain("b", "two.test", more: ", \"refreshHint\": 3")
        #expect(
            try ClusterFederatedTrustDomain(json: json).warnings
                == ["spec: field \"refreshHint\" is not known and has no effect"])
    }

    @Test("the chart's spelling of a field is understood and told") func takesTheChartsSpelling() throws {
        let resource = try ResourceFixture.clusterSPIFFEID("a", "\"spiffeIDTemplate\": \"x\", \"jwtTTL\": \"2m\"")
        #expect(resource.jwtSVIDTTL == 120)
        #expect(resource.warnings == ["spec.jwtTTL should be jwtTtl"])
        let error = #expect(throws: ResourceError.self) {
            try ResourceFixture.clusterSPIFFEID(
                "a", "\"spiffeIDTemplate\": \"x\", \"jwtTTL\": \"2m\", \"jwtTtl\": \"3m\"")
        }
        #expect(error?.message == "spec has jwtTtl and jwtTTL, which differ: only jwtTtl is needed")
    }

    @Test("an empty list of keys declares nothing, as upstream accepts it") func takesAnEmptyBundle() throws {
        let json = try ResourceFixture.federatedTrustDomain(
            "b", "two.test", more: ", \"trustDomainBundle\": \"{\\\"keys\\\": []}\"")
        let resource = try ClusterFederatedTrustDomain(json: json)
        #expect(resource.bundle == nil && resource.warnings.count == 1)
    }

    @Test("S44: the spelling of another resource is understood and told")
    func takesAliasesWithAWarning() throws {
        let resource = try ClusterFederatedTrustDomain(
            json: try ResourceFixture.object(
                "b",
                """
                "trustDomain": "two.test", "bundleEndpointUrl": "https://two.example:8443",
                "bundleEndpointProfile": {"type": "https_spiffe", "endpointSpiffeId": "spiffe://two.test/spire/server"}
                """
            ))
        #expect(
            resource.warnings == [
                "spec.bundleEndpointUrl should be bundleEndpointURL",
                "spec.bundleEndpointProfile.endpointSpiffeId should be endpointSPIFFEID",
            ])
    }

    @Test(
        arguments: [
            ("\"trustDomain\": \"ABC.example\"", "spec.trustDomain"),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointURL\": \"http://a\"",
                "spec.bundleEndpointURL is \"http://a\": bundle endpoint URL must use the https scheme"
            ),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointURL\": \"https://a\"",
                "spec.bundleEndpointProfile is missing"
            ),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointURL\": \"https://a\", \"bundleEndpointProfile\": {\"type\": \"spiffe\"}",
                "type is \"spiffe\": must be https_spiffe or https_web"
            ),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointURL\": \"https://a\", \"bundleEndpointProfile\": {\"type\": \"https_spiffe\"}",
                "must be set for https_spiffe"
            ),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointURL\": \"https://a\", \"bundleEndpointProfile\": {\"type\": \"https_web\", \"endpointSPIFFEID\": \"spiffe://two.test/a\"}",
                "must not be set for https_web"
            ),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointURL\": \"https://a\", \"bundleEndpointProfile\": {\"type\": \"https_spiffe\", \"endpointSPIFFEID\": \"spiffe://two.test/a\", \"endpointSpiffeId\": \"spiffe://two.test/b\"}",
                "which differ"
            ),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointURL\": \"https://a\", \"bundleEndpointProfile\": {\"type\": \"https_web\"}, \"trustDomainBundle\": \"{}\"",
                "spec.trustDomainBundle"
            ),
            ("\"trustDomain\": \"two.test\"", "unless trustDomainBundle or trustDomainBundleFrom holds the bundle"),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointProfile\": {\"type\": \"https_web\"}",
                "spec.bundleEndpointURL must not be empty"
            ),
            (
                "\"trustDomain\": \"two.test\", \"trustDomainBundleFrom\": {}",
                "must have either secretKeyRef or configMapKeyRef"
            ),
            (
                "\"trustDomain\": \"two.test\", \"trustDomainBundleFrom\": {\"secretKeyRef\": {\"namespace\": \"n\"}}",
                "spec.trustDomainBundleFrom.secretKeyRef.name must not be empty"
            ),
            (
                "\"trustDomain\": \"two.test\", \"trustDomainBundleFrom\": {}, \"trustDomainBundle\": \"{}\"",
                "must not be set beside trustDomainBundle"
            ),
            (
                "\"trustDomain\": \"two.test\", \"bundleEndpointURL\": \"https://a\", \"bundleEndpointUrl\": \"https://b\"",
                "which differ"
            ),
            ("\"trustDomain\": \"two.test\", \"onDelete\": \"delete\"", "must be retain or dissolve"),
        ])
    func refusesAClusterFederatedTrustDomain(spec: String, reason: String) throws {
        let error = #expect(throws: ResourceError.self) {
            try ClusterFederatedTrustDomain(json: try ResourceFixture.object("b", spec))
        }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test(
        arguments: [
            ("", false, "", true), ("", false, "a", false), ("", true, "", true), ("a", false, "a", true),
            ("a", false, "", false), ("a", true, "", true), ("a", true, "b", false),
        ])
    func handlesItsClass(own: String, classless: Bool, named: String, handles: Bool) {
        let rule = ClassRule(className: own, watchesClassless: classless)
        #expect(rule.selects(named) == handles)
    }

    @Test("C11: a resource that no class selects is told why") func saysWhyAClassIsLeftAlone() {
        #expect(
            ClassRule(className: "a").refusal("")
                == "it names no class; this controller handles class \"a\": set spec.className, or watchClassless")
        #expect(ClassRule().refusal("b") == "it names class \"b\"; this controller handles no class")
    }
}
