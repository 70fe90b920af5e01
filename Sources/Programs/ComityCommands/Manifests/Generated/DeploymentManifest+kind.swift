// SPDX-License-Identifier: Apache-2.0
// Made by Scripts/generate-manifests from Deploy/Kubernetes. Do not edit.
// swift-format-ignore-file

extension DeploymentManifest {
    static let kind = #"""
apiVersion: v1
kind: Namespace
metadata:
  labels:
    pod-security.kubernetes.io/audit: restricted
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/warn: restricted
  name: spire-server
---
apiVersion: v1
kind: Namespace
metadata:
  labels:
    pod-security.kubernetes.io/audit: privileged
    pod-security.kubernetes.io/enforce: privileged
    pod-security.kubernetes.io/warn: privileged
  name: spire-system
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: clusterfederatedtrustdomains.spire.spiffe.io
spec:
  group: spire.spiffe.io
  names:
    kind: ClusterFederatedTrustDomain
    listKind: ClusterFederatedTrustDomainList
    plural: clusterfederatedtrustdomains
    singular: clusterfederatedtrustdomain
  scope: Cluster
  versions:
  - additionalPrinterColumns:
    - jsonPath: .spec.trustDomain
      name: Trust Domain
      type: string
    - jsonPath: .spec.bundleEndpointURL
      name: Endpoint URL
      type: string
    - jsonPath: .status.conditions[?(@.type=="Ready")].status
      name: Ready
      priority: 1
      type: string
    - jsonPath: .status.conditions[?(@.type=="Ready")].reason
      name: Reason
      priority: 1
      type: string
    - jsonPath: .status.lastRefreshTime
      name: Last Refresh
      priority: 1
      type: date
    - jsonPath: .status.usableUntil
      name: Usable Until
      priority: 1
      type: string
    - jsonPath: .metadata.creationTimestamp
      name: Age
      priority: 1
      type: date
    name: v1alpha1
    schema:
      openAPIV3Schema:
        description: Says where the bundle of a foreign trust domain comes from.
        properties:
          apiVersion:
            type: string
          kind:
            type: string
          metadata:
            type: object
          spec:
            properties:
              bundleEndpointProfile:
                description: How the endpoint proves itself.
                properties:
                  endpointSPIFFEID:
                    description: The endpoint's SPIFFE ID; for https_spiffe only.
                    maxLength: 2048
                    type: string
                    x-kubernetes-validations:
                    - message: 'endpointSPIFFEID must be a SPIFFE ID such as spiffe://partner.example/spire/server:
                        a lower-case trust domain, then path segments of letters,
                        digits, dots, dashes and underscores'
                      rule: self == '' || (self.matches('^spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*$')
                        && !self.matches('/[.]{1,2}(/|$)'))
                  endpointSpiffeId:
                    description: Another spelling of endpointSPIFFEID, which is the
                      one to write.
                    maxLength: 2048
                    type: string
                    x-kubernetes-validations:
                    - message: 'endpointSpiffeId must be a SPIFFE ID such as spiffe://partner.example/spire/server:
                        a lower-case trust domain, then path segments of letters,
                        digits, dots, dashes and underscores'
                      rule: self == '' || (self.matches('^spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*$')
                        && !self.matches('/[.]{1,2}(/|$)'))
                  type:
                    description: By its X.509-SVID (https_spiffe), or by a certificate
                      of the web (https_web).
                    enum:
                    - https_spiffe
                    - https_web
                    maxLength: 16
                    type: string
                required:
                - type
                type: object
                x-kubernetes-validations:
                - fieldPath: .endpointSPIFFEID
                  message: 'endpointSPIFFEID is missing for https_spiffe: give the
                    SPIFFE ID of the partner''s server, such as spiffe://partner.example/spire/server,
                    or use type https_web'
                  reason: FieldValueRequired
                  rule: self.type != 'https_spiffe' || (has(self.endpointSPIFFEID)
                    && self.endpointSPIFFEID != '') || (has(self.endpointSpiffeId)
                    && self.endpointSpiffeId != '')
                - fieldPath: .endpointSPIFFEID
                  message: 'endpointSPIFFEID must not be set for https_web, whose
                    endpoint proves itself by a certificate of the web: remove it,
                    or use type https_spiffe'
                  reason: FieldValueForbidden
                  rule: self.type != 'https_web' || ((!has(self.endpointSPIFFEID)
                    || self.endpointSPIFFEID == '') && (!has(self.endpointSpiffeId)
                    || self.endpointSpiffeId == ''))
                - fieldPath: .endpointSpiffeId
                  message: 'endpointSPIFFEID and endpointSpiffeId name different IDs:
                    keep endpointSPIFFEID and remove the other'
                  reason: FieldValueForbidden
                  rule: '!has(self.endpointSPIFFEID) || !has(self.endpointSpiffeId)
                    || self.endpointSPIFFEID == '''' || self.endpointSpiffeId == ''''
                    || self.endpointSPIFFEID == self.endpointSpiffeId'
              bundleEndpointURL:
                description: Where the foreign trust domain serves its bundle, such
                  as https://partner.example:8443.
                maxLength: 8192
                type: string
                x-kubernetes-validations:
                - message: 'bundleEndpointURL must begin with https://, such as https://partner.example:8443:
                    bundles are fetched by HTTPS only'
                  rule: self.matches('^[Hh][Tt][Tt][Pp][Ss]://')
                - message: 'bundleEndpointURL must not hold a user or password: remove
                    what stands before the @; bundle endpoints ask for no login'
                  rule: '!self.matches("^[^/?#]*//[^/?#]*@")'
                - message: bundleEndpointURL must name a host after https://, such
                    as https://partner.example:8443
                  rule: '!self.matches("^[^/?#]*//([^/?#]*@)?(:[0-9]*)?([/?#]|$)")'
              bundleEndpointUrl:
                description: Another spelling of bundleEndpointURL, which is the one
                  to write.
                maxLength: 8192
                type: string
                x-kubernetes-validations:
                - message: 'bundleEndpointUrl must begin with https://, such as https://partner.example:8443:
                    bundles are fetched by HTTPS only'
                  rule: self.matches('^[Hh][Tt][Tt][Pp][Ss]://')
                - message: 'bundleEndpointUrl must not hold a user or password: remove
                    what stands before the @; bundle endpoints ask for no login'
                  rule: '!self.matches("^[^/?#]*//[^/?#]*@")'
                - message: bundleEndpointUrl must name a host after https://, such
                    as https://partner.example:8443
                  rule: '!self.matches("^[^/?#]*//([^/?#]*@)?(:[0-9]*)?([/?#]|$)")'
              className:
                description: The class of the controller that handles this object.
                type: string
              onDelete:
                description: 'What becomes of the bundle when this object is deleted:
                  it stays trusted (retain, the default), or it goes and entries no
                  longer federate with it (dissolve).'
                enum:
                - retain
                - dissolve
                type: string
              trustDomain:
                description: The foreign trust domain's name, such as partner.example.
                maxLength: 2048
                pattern: ^([a-z0-9._-]{1,255}|spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*)$
                type: string
                x-kubernetes-validations:
                - message: 'trustDomain must be a name of at most 255 lower-case letters,
                    digits, dots, dashes and underscores, such as partner.example:
                    take it from the partner''s SPIFFE IDs'
                  rule: self.matches('^([a-z0-9._-]{1,255}|spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*)$')
              trustDomainBundle:
                description: The foreign trust domain's bundle as JSON text, for the
                  beginning; what is fetched later takes its place.
                maxLength: 1048576
                type: string
                x-kubernetes-validations:
                - message: 'trustDomainBundle must be the JSON text of a bundle document:
                    print it in the partner''s domain by "spire-server bundle show
                    -format spiffe"'
                  rule: self == '' || self.matches('^[ \t\r\n]*[{]')
              trustDomainBundleFrom:
                description: Where the bundle is kept in this cluster, instead of
                  trustDomainBundle.
                properties:
                  configMapKeyRef:
                    properties:
                      key:
                        maxLength: 253
                        minLength: 1
                        type: string
                      name:
                        maxLength: 253
                        minLength: 1
                        type: string
                      namespace:
                        maxLength: 253
                        minLength: 1
                        type: string
                    required:
                    - namespace
                    - name
                    - key
                    type: object
                  secretKeyRef:
                    properties:
                      key:
                        maxLength: 253
                        minLength: 1
                        type: string
                      name:
                        maxLength: 253
                        minLength: 1
                        type: string
                      namespace:
                        maxLength: 253
                        minLength: 1
                        type: string
                    required:
                    - namespace
                    - name
                    - key
                    type: object
                type: object
                x-kubernetes-validations:
                - message: trustDomainBundleFrom must have either secretKeyRef or
                    configMapKeyRef, with namespace, name and key
                  rule: has(self.secretKeyRef) != has(self.configMapKeyRef)
            required:
            - trustDomain
            type: object
            x-kubernetes-validations:
            - fieldPath: .bundleEndpointUrl
              message: 'bundleEndpointURL and bundleEndpointUrl name different URLs:
                keep bundleEndpointURL and remove the other'
              reason: FieldValueForbidden
              rule: '!(has(self.bundleEndpointURL) && has(self.bundleEndpointUrl))
                || self.bundleEndpointURL == self.bundleEndpointUrl'
            - fieldPath: .bundleEndpointProfile
              message: 'bundleEndpointProfile is missing: say how the endpoint proves
                itself, type https_spiffe with endpointSPIFFEID (such as spiffe://partner.example/spire/server),
                or type https_web'
              reason: FieldValueRequired
              rule: '!(has(self.bundleEndpointURL) || has(self.bundleEndpointUrl))
                || has(self.bundleEndpointProfile)'
            - fieldPath: .bundleEndpointURL
              message: 'bundleEndpointURL is missing: give the https URL of the partner''s
                bundle endpoint, or remove bundleEndpointProfile to trust only the
                bundle in this object'
              reason: FieldValueRequired
              rule: '!has(self.bundleEndpointProfile) || has(self.bundleEndpointURL)
                || has(self.bundleEndpointUrl)'
            - fieldPath: .bundleEndpointURL
              message: 'nothing says where the bundle comes from: give bundleEndpointURL
                with bundleEndpointProfile, or trustDomainBundle, or trustDomainBundleFrom'
              reason: FieldValueRequired
              rule: has(self.bundleEndpointURL) || has(self.bundleEndpointUrl) ||
                has(self.bundleEndpointProfile) || has(self.trustDomainBundleFrom)
                || (has(self.trustDomainBundle) && self.trustDomainBundle != '')
            - fieldPath: .trustDomainBundleFrom
              message: 'trustDomainBundle and trustDomainBundleFrom are both given:
                keep the one that holds the bundle and remove the other'
              reason: FieldValueForbidden
              rule: '!has(self.trustDomainBundleFrom) || !has(self.trustDomainBundle)
                || self.trustDomainBundle == '''''
          status:
            properties:
              authorities:
                description: The keys that the stored bundle trusts, the first 32.
                items:
                  properties:
                    expiresAt:
                      format: date-time
                      type: string
                    id:
                      type: string
                    type:
                      enum:
                      - x509
                      - jwt
                      type: string
                  required:
                  - type
                  - id
                  type: object
                maxItems: 32
                type: array
                x-kubernetes-list-type: atomic
              conditions:
                items:
                  properties:
                    lastTransitionTime:
                      format: date-time
                      type: string
                    message:
                      maxLength: 32768
                      type: string
                    observedGeneration:
                      format: int64
                      minimum: 0
                      type: integer
                    reason:
                      maxLength: 1024
                      minLength: 1
                      pattern: ^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$
                      type: string
                    status:
                      enum:
                      - "True"
                      - "False"
                      - Unknown
                      type: string
                    type:
                      maxLength: 316
                      pattern: ^[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?$
                      type: string
                  required:
                  - type
                  - status
                  - lastTransitionTime
                  - reason
                  - message
                  type: object
                type: array
                x-kubernetes-list-map-keys:
                - type
                x-kubernetes-list-type: map
              declaredBundleDigest:
                description: SHA-256 of the bundle in this object.
                type: string
              effectiveBundleDigest:
                description: SHA-256 of the stored bundle.
                type: string
              lastChangeTime:
                description: When what was fetched last differed from what was stored.
                format: date-time
                type: string
              lastError:
                description: Why the last fetch failed; absent after a success.
                properties:
                  class:
                    type: string
                  cure:
                    type: string
                  message:
                    type: string
                  time:
                    format: date-time
                    type: string
                type: object
              lastRefreshTime:
                description: When the bundle was last fetched successfully.
                format: date-time
                type: string
              nextRefreshTime:
                description: When it is fetched next.
                format: date-time
                type: string
              observedGeneration:
                format: int64
                type: integer
              refreshHintSeconds:
                format: int64
                type: integer
              sequence:
                description: The sequence number of the stored bundle.
                format: int64
                type: integer
              usableUntil:
                description: When the last of the stored X.509 authorities expires.
                format: date-time
                type: string
              warnings:
                items:
                  type: string
                type: array
                x-kubernetes-list-type: atomic
            type: object
        required:
        - spec
        type: object
    served: true
    storage: true
    subresources:
      status: {}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: clusterspiffeids.spire.spiffe.io
spec:
  group: spire.spiffe.io
  names:
    kind: ClusterSPIFFEID
    listKind: ClusterSPIFFEIDList
    plural: clusterspiffeids
    singular: clusterspiffeid
  scope: Cluster
  versions:
  - additionalPrinterColumns:
    - jsonPath: .metadata.creationTimestamp
      name: Age
      type: date
    - jsonPath: .status.conditions[?(@.type=="Ready")].status
      name: Ready
      priority: 1
      type: string
    - jsonPath: .status.conditions[?(@.type=="Ready")].reason
      name: Reason
      priority: 1
      type: string
    - jsonPath: .status.stats.podsSelected
      name: Pods
      priority: 1
      type: integer
    - jsonPath: .status.stats.entriesToSet
      name: Entries
      priority: 1
      type: integer
    - jsonPath: .status.stats.entriesMasked
      name: Masked
      priority: 1
      type: integer
    - jsonPath: .status.stats.entryFailures
      name: Failed
      priority: 1
      type: integer
    name: v1alpha1
    schema:
      openAPIV3Schema:
        description: Gives SPIFFE IDs to the pods that it selects.
        properties:
          apiVersion:
            type: string
          kind:
            type: string
          metadata:
            type: object
          spec:
            properties:
              admin:
                description: The workloads may use the server's admin API.
                type: boolean
              autoPopulateDNSNames:
                description: The names of the services that a pod backs become DNS
                  names of its X.509-SVID.
                type: boolean
              className:
                description: The class of the controller that handles this object.
                type: string
              dnsNameTemplates:
                description: Templates that make a DNS name of the X.509-SVID each.
                items:
                  maxLength: 4096
                  type: string
                  x-kubernetes-validations:
                  - message: 'a template action is not closed: every {{ needs its
                      }}'
                    rule: '!self.matches("[{][{]([^}]|[}][^}])*[}]?$")'
                maxItems: 256
                type: array
              downstream:
                description: The workloads are servers below this one.
                type: boolean
              fallback:
                description: Applies only to pods that no other ClusterSPIFFEID gives
                  an entry.
                type: boolean
              federatesWith:
                description: The foreign trust domains whose bundles the workloads
                  get.
                items:
                  maxLength: 512
                  pattern: ^([a-z0-9._-]{1,255}|spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*)$
                  type: string
                  x-kubernetes-validations:
                  - message: federatesWith must list names of trust domains, of at
                      most 255 lower-case letters, digits, dots, dashes and underscores,
                      such as partner.example
                    rule: self.matches('^([a-z0-9._-]{1,255}|spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*)$')
                maxItems: 1024
                type: array
              hint:
                description: Tells workloads with several SVIDs what this one is for.
                maxLength: 1024
                type: string
              jwtTTL:
                description: Another spelling of jwtTtl, which is the one to write.
                maxLength: 64
                pattern: ^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$
                type: string
                x-kubernetes-validations:
                - message: 'must be a duration of hours, minutes and seconds, such
                    as 1h30m or 300s: days and weeks are no units, write 120h for
                    5 days'
                  rule: self.matches('^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$')
              jwtTtl:
                description: How long JWT-SVIDs live, such as 5m; the server's default
                  when it is absent.
                maxLength: 64
                pattern: ^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$
                type: string
                x-kubernetes-validations:
                - message: 'must be a duration of hours, minutes and seconds, such
                    as 1h30m or 300s: days and weeks are no units, write 120h for
                    5 days'
                  rule: self.matches('^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$')
              namespaceSelector:
                properties:
                  matchExpressions:
                    items:
                      properties:
                        key:
                          description: The name of a label.
                          maxLength: 317
                          pattern: ^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$
                          type: string
                        operator:
                          enum:
                          - In
                          - NotIn
                          - Exists
                          - DoesNotExist
                          maxLength: 16
                          type: string
                        values:
                          items:
                            maxLength: 63
                            pattern: ^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$
                            type: string
                          type: array
                          x-kubernetes-list-type: atomic
                      required:
                      - key
                      - operator
                      type: object
                      x-kubernetes-validations:
                      - fieldPath: .values
                        message: 'values must not be empty for the operators In and
                          NotIn: list the label values, or use Exists or DoesNotExist'
                        reason: FieldValueRequired
                        rule: '!(self.operator in [''In'', ''NotIn'']) || (has(self.values)
                          && size(self.values) > 0)'
                      - fieldPath: .values
                        message: 'values must be empty for the operators Exists and
                          DoesNotExist: remove them, or use In or NotIn'
                        reason: FieldValueForbidden
                        rule: '!(self.operator in [''Exists'', ''DoesNotExist''])
                          || !has(self.values) || size(self.values) == 0'
                    maxItems: 1024
                    type: array
                    x-kubernetes-list-type: atomic
                  matchLabels:
                    additionalProperties:
                      maxLength: 63
                      pattern: ^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$
                      type: string
                    type: object
                type: object
                x-kubernetes-map-type: atomic
              podSelector:
                properties:
                  matchExpressions:
                    items:
                      properties:
                        key:
                          description: The name of a label.
                          maxLength: 317
                          pattern: ^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$
                          type: string
                        operator:
                          enum:
                          - In
                          - NotIn
                          - Exists
                          - DoesNotExist
                          maxLength: 16
                          type: string
                        values:
                          items:
                            maxLength: 63
                            pattern: ^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$
                            type: string
                          type: array
                          x-kubernetes-list-type: atomic
                      required:
                      - key
                      - operator
                      type: object
                      x-kubernetes-validations:
                      - fieldPath: .values
                        message: 'values must not be empty for the operators In and
                          NotIn: list the label values, or use Exists or DoesNotExist'
                        reason: FieldValueRequired
                        rule: '!(self.operator in [''In'', ''NotIn'']) || (has(self.values)
                          && size(self.values) > 0)'
                      - fieldPath: .values
                        message: 'values must be empty for the operators Exists and
                          DoesNotExist: remove them, or use In or NotIn'
                        reason: FieldValueForbidden
                        rule: '!(self.operator in [''Exists'', ''DoesNotExist''])
                          || !has(self.values) || size(self.values) == 0'
                    maxItems: 1024
                    type: array
                    x-kubernetes-list-type: atomic
                  matchLabels:
                    additionalProperties:
                      maxLength: 63
                      pattern: ^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$
                      type: string
                    type: object
                type: object
                x-kubernetes-map-type: atomic
              spiffeIDTemplate:
                description: A template of Go's text/template that makes the SPIFFE
                  ID, such as spiffe://{{.TrustDomain}}/ns/{{.PodMeta.Namespace}}/sa/{{.PodSpec.ServiceAccountName}}.
                maxLength: 16384
                type: string
                x-kubernetes-validations:
                - message: 'spiffeIDTemplate must not be empty: write for example
                    spiffe://{{.TrustDomain}}/ns/{{.PodMeta.Namespace}}/sa/{{.PodSpec.ServiceAccountName}}'
                  rule: self != ''
                - message: 'a template action is not closed: every {{ needs its }}'
                  rule: '!self.matches("[{][{]([^}]|[}][^}])*[}]?$")'
              ttl:
                description: How long X.509-SVIDs live, such as 1h30m; the server's
                  default when it is absent.
                maxLength: 64
                pattern: ^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$
                type: string
                x-kubernetes-validations:
                - message: 'must be a duration of hours, minutes and seconds, such
                    as 1h30m or 300s: days and weeks are no units, write 120h for
                    5 days'
                  rule: self.matches('^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$')
              workloadSelectorTemplates:
                description: Templates that make a further selector (type:value) of
                  the entry each.
                items:
                  maxLength: 4096
                  type: string
                  x-kubernetes-validations:
                  - message: 'a template action is not closed: every {{ needs its
                      }}'
                    rule: '!self.matches("[{][{]([^}]|[}][^}])*[}]?$")'
                maxItems: 256
                type: array
            required:
            - spiffeIDTemplate
            type: object
            x-kubernetes-validations:
            - fieldPath: .jwtTTL
              message: 'jwtTtl and jwtTTL differ: keep jwtTtl and remove the other'
              reason: FieldValueForbidden
              rule: '!has(self.jwtTtl) || !has(self.jwtTTL) || self.jwtTtl == self.jwtTTL'
          status:
            properties:
              conditions:
                items:
                  properties:
                    lastTransitionTime:
                      format: date-time
                      type: string
                    message:
                      maxLength: 32768
                      type: string
                    observedGeneration:
                      format: int64
                      minimum: 0
                      type: integer
                    reason:
                      maxLength: 1024
                      minLength: 1
                      pattern: ^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$
                      type: string
                    status:
                      enum:
                      - "True"
                      - "False"
                      - Unknown
                      type: string
                    type:
                      maxLength: 316
                      pattern: ^[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?$
                      type: string
                  required:
                  - type
                  - status
                  - lastTransitionTime
                  - reason
                  - message
                  type: object
                type: array
                x-kubernetes-list-map-keys:
                - type
                x-kubernetes-list-type: map
              failures:
                description: The first pods without identity, and why.
                items:
                  properties:
                    pod:
                      description: Namespace and name.
                      type: string
                    reason:
                      type: string
                  required:
                  - pod
                  - reason
                  type: object
                maxItems: 10
                type: array
                x-kubernetes-list-type: atomic
              observedGeneration:
                format: int64
                type: integer
              stats:
                properties:
                  entriesMasked:
                    description: Entries that another object declares too and has
                      first.
                    type: integer
                  entriesToSet:
                    description: Entries that this object wants.
                    type: integer
                  entryFailures:
                    description: Entries that the server refused.
                    type: integer
                  namespacesIgnored:
                    description: Those of them that the controller's configuration
                      excludes.
                    type: integer
                  namespacesSelected:
                    description: Namespaces that the selector selects.
                    type: integer
                  podEntryRenderFailures:
                    description: Pods for which a template failed.
                    type: integer
                  podsFinished:
                    description: Selected pods that have ended and get no entry.
                    type: integer
                  podsSelected:
                    description: Pods that the selectors select.
                    type: integer
                  podsUnscheduled:
                    description: Selected pods that have no node yet.
                    type: integer
                type: object
              warnings:
                items:
                  type: string
                type: array
                x-kubernetes-list-type: atomic
            type: object
        required:
        - spec
        type: object
    served: true
    storage: true
    subresources:
      status: {}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: clusterstaticentries.spire.spiffe.io
spec:
  group: spire.spiffe.io
  names:
    kind: ClusterStaticEntry
    listKind: ClusterStaticEntryList
    plural: clusterstaticentries
    singular: clusterstaticentry
  scope: Cluster
  versions:
  - additionalPrinterColumns:
    - jsonPath: .metadata.creationTimestamp
      name: Age
      type: date
    - jsonPath: .spec.spiffeID
      name: SPIFFE ID
      priority: 1
      type: string
    - jsonPath: .status.set
      name: Set
      priority: 1
      type: boolean
    - jsonPath: .status.masked
      name: Masked
      priority: 1
      type: boolean
    - jsonPath: .status.conditions[?(@.type=="Ready")].status
      name: Ready
      priority: 1
      type: string
    - jsonPath: .status.conditions[?(@.type=="Ready")].reason
      name: Reason
      priority: 1
      type: string
    name: v1alpha1
    schema:
      openAPIV3Schema:
        description: Is one registration entry.
        properties:
          apiVersion:
            type: string
          kind:
            type: string
          metadata:
            type: object
          spec:
            properties:
              admin:
                description: The workload may use the server's admin API.
                type: boolean
              className:
                description: The class of the controller that handles this object.
                type: string
              dnsNames:
                description: DNS names of the X.509-SVID; the first is its common
                  name.
                items:
                  type: string
                type: array
              downstream:
                description: The workload is a server below this one.
                type: boolean
              federatesWith:
                description: The foreign trust domains whose bundles the workload
                  gets.
                items:
                  maxLength: 512
                  pattern: ^([a-z0-9._-]{1,255}|spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*)$
                  type: string
                  x-kubernetes-validations:
                  - message: federatesWith must list names of trust domains, of at
                      most 255 lower-case letters, digits, dots, dashes and underscores,
                      such as partner.example
                    rule: self.matches('^([a-z0-9._-]{1,255}|spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*)$')
                maxItems: 1024
                type: array
              hint:
                description: Tells workloads with several SVIDs what this one is for.
                maxLength: 1024
                type: string
              jwtSVIDTTL:
                description: How long JWT-SVIDs live, such as 5m; the server's default
                  when it is absent.
                maxLength: 64
                pattern: ^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$
                type: string
                x-kubernetes-validations:
                - message: 'must be a duration of hours, minutes and seconds, such
                    as 1h30m or 300s: days and weeks are no units, write 120h for
                    5 days'
                  rule: self.matches('^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$')
              parentID:
                description: The SPIFFE ID of the agent that the workload runs beside,
                  or of a group of agents.
                maxLength: 2048
                pattern: ^spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*$
                type: string
                x-kubernetes-validations:
                - message: 'parentID must be the SPIFFE ID of an agent, such as spiffe://example.org/spire/agent/k8s_psat/…:
                    "spire-server agent list" prints them'
                  rule: self.matches('^spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*$')
                    && !self.matches('/[.]{1,2}(/|$)')
              selectors:
                description: What an attestor must have found out about the workload,
                  as type:value.
                items:
                  maxLength: 2048
                  type: string
                  x-kubernetes-validations:
                  - message: selectors must list texts of the form type:value, such
                      as unix:uid:1000 or k8s:ns:default, with something on both sides
                      of the first colon
                    rule: self.matches('^[^:]+:.') || self.matches('^[^:]+:[\n]')
                maxItems: 1024
                minItems: 1
                type: array
              spiffeID:
                description: The workload's SPIFFE ID, such as spiffe://example.org/db.
                maxLength: 2048
                pattern: ^spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*$
                type: string
                x-kubernetes-validations:
                - message: 'spiffeID must be a SPIFFE ID such as spiffe://example.org/db:
                    a lower-case trust domain, then path segments of letters, digits,
                    dots, dashes and underscores'
                  rule: self.matches('^spiffe://[a-z0-9._-]{1,255}(/[a-zA-Z0-9._-]+)*$')
                    && !self.matches('/[.]{1,2}(/|$)')
              storeSVID:
                description: The agent puts the SVID into a store instead of giving
                  it to a workload.
                type: boolean
              x509SVIDTTL:
                description: How long X.509-SVIDs live, such as 1h30m; the server's
                  default when it is absent.
                maxLength: 64
                pattern: ^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$
                type: string
                x-kubernetes-validations:
                - message: 'must be a duration of hours, minutes and seconds, such
                    as 1h30m or 300s: days and weeks are no units, write 120h for
                    5 days'
                  rule: self.matches('^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$')
            required:
            - spiffeID
            - parentID
            - selectors
            type: object
          status:
            properties:
              conditions:
                items:
                  properties:
                    lastTransitionTime:
                      format: date-time
                      type: string
                    message:
                      maxLength: 32768
                      type: string
                    observedGeneration:
                      format: int64
                      minimum: 0
                      type: integer
                    reason:
                      maxLength: 1024
                      minLength: 1
                      pattern: ^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$
                      type: string
                    status:
                      enum:
                      - "True"
                      - "False"
                      - Unknown
                      type: string
                    type:
                      maxLength: 316
                      pattern: ^[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?$
                      type: string
                  required:
                  - type
                  - status
                  - lastTransitionTime
                  - reason
                  - message
                  type: object
                type: array
                x-kubernetes-list-map-keys:
                - type
                x-kubernetes-list-type: map
              masked:
                description: Another object declares the same entry and has it first.
                type: boolean
              observedGeneration:
                format: int64
                type: integer
              rendered:
                description: The object makes sense.
                type: boolean
              set:
                description: The server has the entry as this object says.
                type: boolean
              warnings:
                items:
                  type: string
                type: array
                x-kubernetes-list-type: atomic
            type: object
        required:
        - spec
        type: object
    served: true
    storage: true
    subresources:
      status: {}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: spire-controller-manager
  namespace: spire-server
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: spire-server
  namespace: spire-server
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: spire-agent
  namespace: spire-system
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: spire-controller-manager
  namespace: spire-server
rules:
- apiGroups:
  - coordination.k8s.io
  resources:
  - leases
  verbs:
  - create
- apiGroups:
  - coordination.k8s.io
  resourceNames:
  - spire-controller-manager.spiffe.io
  resources:
  - leases
  verbs:
  - get
  - patch
  - update
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: spire-bundle
  namespace: spire-system
rules:
- apiGroups:
  - ""
  resourceNames:
  - spire-bundle
  resources:
  - configmaps
  verbs:
  - get
  - patch
  - update
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: spire-agent
rules:
- apiGroups:
  - ""
  resources:
  - nodes/proxy
  verbs:
  - get
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: spire-controller-manager
rules:
- apiGroups:
  - ""
  resources:
  - endpoints
  - namespaces
  - nodes
  - pods
  verbs:
  - get
  - list
  - watch
- apiGroups:
  - discovery.k8s.io
  resources:
  - endpointslices
  verbs:
  - get
  - list
  - watch
- apiGroups:
  - spire.spiffe.io
  resources:
  - clusterfederatedtrustdomains
  - clusterspiffeids
  - clusterstaticentries
  verbs:
  - get
  - list
  - watch
- apiGroups:
  - spire.spiffe.io
  resources:
  - clusterfederatedtrustdomains/status
  - clusterspiffeids/status
  - clusterstaticentries/status
  verbs:
  - get
  - patch
  - update
- apiGroups:
  - ""
  - events.k8s.io
  resources:
  - events
  verbs:
  - create
  - patch
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: spire-server
rules:
- apiGroups:
  - authentication.k8s.io
  resources:
  - tokenreviews
  verbs:
  - create
- apiGroups:
  - ""
  resources:
  - nodes
  - pods
  verbs:
  - get
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: spire-controller-manager
  namespace: spire-server
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: spire-controller-manager
subjects:
- kind: ServiceAccount
  name: spire-controller-manager
  namespace: spire-server
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: spire-bundle
  namespace: spire-system
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: spire-bundle
subjects:
- kind: ServiceAccount
  name: spire-server
  namespace: spire-server
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: spire-agent
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: spire-agent
subjects:
- kind: ServiceAccount
  name: spire-agent
  namespace: spire-system
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: spire-controller-manager
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: spire-controller-manager
subjects:
- kind: ServiceAccount
  name: spire-controller-manager
  namespace: spire-server
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: spire-server
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: spire-server
subjects:
- kind: ServiceAccount
  name: spire-server
  namespace: spire-server
---
apiVersion: v1
data:
  controller-manager-config.yaml: |
    # SPDX-License-Identifier: Apache-2.0
    apiVersion: spire.spiffe.io/v1alpha1
    kind: ControllerManagerConfig
    clusterName: "$CLUSTER_NAME"
    trustDomain: "$TRUST_DOMAIN"
    className: "$CLASS_NAME"
    watchClassless: true
    entryIDPrefix: "$CLUSTER_NAME"
    ignoreNamespaces:
      - "^kube-"
      - "^local-path-storage"
      - "^openshift-"
    spireServerSocketPath: /spire-server/api.sock
    metrics:
      bindAddress: 0.0.0.0:8082
    health:
      healthProbeBindAddress: 0.0.0.0:8083
    leaderElection:
      leaderElect: true
      resourceName: spire-controller-manager.spiffe.io
      resourceNamespace: spire-server
kind: ConfigMap
metadata:
  name: spire-controller-manager
  namespace: spire-server
---
apiVersion: v1
data:
  server.conf: |
    # SPDX-License-Identifier: Apache-2.0
    server {
        trust_domain = "$TRUST_DOMAIN"
        bind_address = "0.0.0.0"
        bind_port = "8081"
        data_dir = "/run/spire/data"
        socket_path = "/tmp/spire-server/private/api.sock"
        log_level = "info"
        ca_ttl = "24h"
        default_x509_svid_ttl = "1h"
        default_jwt_svid_ttl = "5m"

        federation {
            bundle_endpoint {
                address = "0.0.0.0"
                port = 8443
                profile "https_spiffe" {}
            }
        }
    }

    plugins {
        DataStore "sql" {
            plugin_data {
                database_type = "sqlite3"
                connection_string = "/run/spire/data/datastore.sqlite3"
            }
        }
        KeyManager "disk" {
            plugin_data {
                keys_path = "/run/spire/data/keys.json"
            }
        }
        NodeAttestor "k8s_psat" {
            plugin_data {
                clusters = {
                    "$CLUSTER_NAME" = {
                        service_account_allow_list = ["spire-system:spire-agent"]
                        audience = ["spire-server"]
                    }
                }
            }
        }
        BundlePublisher "k8s_configmap" {
            plugin_data {
                clusters = {
                    "$CLUSTER_NAME" = {
                        namespace = "spire-system"
                        configmap_name = "spire-bundle"
                        configmap_key = "bundle.spiffe"
                        format = "spiffe"
                    }
                }
            }
        }
    }

    health_checks {
        listener_enabled = true
        bind_address = "0.0.0.0"
        bind_port = "8080"
        live_path = "/live"
        ready_path = "/ready"
    }

    telemetry {
        Prometheus {
            host = "0.0.0.0"
            port = 9988
        }
    }
kind: ConfigMap
metadata:
  name: spire-server
  namespace: spire-server
---
apiVersion: v1
data:
  CLASS_NAME: ""
  CLUSTER_NAME: example-cluster
  TRUST_DOMAIN: example.org
kind: ConfigMap
metadata:
  name: spire-settings
  namespace: spire-server
---
apiVersion: v1
data:
  agent.conf: |
    # SPDX-License-Identifier: Apache-2.0
    agent {
        trust_domain = "$TRUST_DOMAIN"
        server_address = "spire-server.spire-server"
        server_port = "443"
        data_dir = "/run/spire/data"
        socket_path = "/tmp/spire-agent/public/spire-agent.sock"
        trust_bundle_path = "/run/spire/bundle/bundle.spiffe"
        trust_bundle_format = "spiffe"
        log_level = "info"
    }

    plugins {
        NodeAttestor "k8s_psat" {
            plugin_data {
                cluster = "$CLUSTER_NAME"
                token_path = "/var/run/secrets/tokens/spire-agent"
            }
        }
        KeyManager "memory" {
            plugin_data {}
        }
        WorkloadAttestor "k8s" {
            plugin_data {
                node_name_env = "MY_NODE_NAME"
                kubelet_ca_path = "$KUBELET_CA_PATH"
                skip_kubelet_verification = $SKIP_KUBELET_VERIFICATION
            }
        }
    }

    health_checks {
        listener_enabled = true
        bind_address = "0.0.0.0"
        bind_port = "9982"
        live_path = "/live"
        ready_path = "/ready"
    }

    telemetry {
        Prometheus {
            host = "0.0.0.0"
            port = 9988
        }
    }
kind: ConfigMap
metadata:
  name: spire-agent
  namespace: spire-system
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: spire-bundle
  namespace: spire-system
---
apiVersion: v1
data:
  CLUSTER_NAME: example-cluster
  KUBELET_CA_PATH: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
  SKIP_KUBELET_VERIFICATION: "true"
  TRUST_DOMAIN: example.org
kind: ConfigMap
metadata:
  name: spire-settings
  namespace: spire-system
---
apiVersion: v1
kind: Service
metadata:
  labels:
    app.kubernetes.io/name: spire-server
    app.kubernetes.io/part-of: comity
  name: spire-server
  namespace: spire-server
spec:
  ports:
  - name: grpc
    port: 443
    targetPort: grpc
  - name: federation
    port: 8443
    targetPort: 8443
  selector:
    app.kubernetes.io/name: spire-server
---
apiVersion: v1
kind: Service
metadata:
  labels:
    app.kubernetes.io/name: spire-server
    app.kubernetes.io/part-of: comity
  name: spire-server-federation
  namespace: spire-server
spec:
  ports:
  - name: federation
    port: 8443
    targetPort: 8443
  selector:
    app.kubernetes.io/name: spire-server
---
apiVersion: v1
kind: Service
metadata:
  labels:
    app.kubernetes.io/name: spire-server
    app.kubernetes.io/part-of: comity
  name: spire-server-federation-node
  namespace: spire-server
spec:
  ports:
  - name: federation
    nodePort: 30843
    port: 8443
    targetPort: 8443
  selector:
    app.kubernetes.io/name: spire-server
  type: NodePort
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app.kubernetes.io/name: spire-controller-manager
    app.kubernetes.io/part-of: comity
  name: spire-controller-manager
  namespace: spire-server
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: spire-controller-manager
  template:
    metadata:
      annotations:
        kubectl.kubernetes.io/default-container: spire-controller-manager
      labels:
        app.kubernetes.io/name: spire-controller-manager
        app.kubernetes.io/part-of: comity
        spire.spiffe.io/admin-socket: spire-server
    spec:
      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - labelSelector:
              matchLabels:
                spire.spiffe.io/admin-socket: spire-server
            topologyKey: kubernetes.io/hostname
      containers:
      - args:
        - --expand-env
        - --config=/run/spire/config/controller-manager-config.yaml
        command:
        - /opt/spire/bin/spire-controller-manager
        envFrom:
        - configMapRef:
            name: spire-settings
        image: comity:latest
        imagePullPolicy: IfNotPresent
        livenessProbe:
          httpGet:
            path: /healthz
            port: healthz
          periodSeconds: 30
          timeoutSeconds: 5
        name: spire-controller-manager
        ports:
        - containerPort: 8082
          name: metrics
        - containerPort: 8083
          name: healthz
        readinessProbe:
          httpGet:
            path: /readyz
            port: healthz
          periodSeconds: 5
          timeoutSeconds: 5
        resources:
          requests:
            cpu: 50m
            memory: 128Mi
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
          readOnlyRootFilesystem: true
        volumeMounts:
        - mountPath: /tmp
          name: tmp
        - mountPath: /run/spire/config
          name: config
          readOnly: true
        - mountPath: /spire-server
          name: spire-data
          subPath: private
      securityContext:
        fsGroup: 1000
        fsGroupChangePolicy: OnRootMismatch
        runAsGroup: 1000
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      serviceAccountName: spire-controller-manager
      volumes:
      - emptyDir: {}
        name: tmp
      - configMap:
          name: spire-controller-manager
        name: config
      - name: spire-data
        persistentVolumeClaim:
          claimName: spire-data-spire-server-0
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  labels:
    app.kubernetes.io/name: spire-server
    app.kubernetes.io/part-of: comity
  name: spire-server
  namespace: spire-server
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: spire-server
  serviceName: spire-server
  template:
    metadata:
      annotations:
        kubectl.kubernetes.io/default-container: spire-server
      labels:
        app.kubernetes.io/name: spire-server
        app.kubernetes.io/part-of: comity
        spire.spiffe.io/admin-socket: spire-server
    spec:
      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - labelSelector:
              matchLabels:
                spire.spiffe.io/admin-socket: spire-server
            topologyKey: kubernetes.io/hostname
      containers:
      - args:
        - -expandEnv
        - -config
        - /run/spire/config/server.conf
        command:
        - /opt/spire/bin/spire-server
        - run
        envFrom:
        - configMapRef:
            name: spire-settings
        image: comity:latest
        imagePullPolicy: IfNotPresent
        livenessProbe:
          httpGet:
            path: /live
            port: healthz
          initialDelaySeconds: 15
          periodSeconds: 30
          timeoutSeconds: 5
        name: spire-server
        ports:
        - containerPort: 8081
          name: grpc
        - containerPort: 8080
          name: healthz
        - containerPort: 9988
          name: metrics
        readinessProbe:
          httpGet:
            path: /ready
            port: healthz
          periodSeconds: 5
          timeoutSeconds: 5
        resources:
          requests:
            cpu: 50m
            memory: 128Mi
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
          readOnlyRootFilesystem: true
        volumeMounts:
        - mountPath: /tmp
          name: tmp
        - mountPath: /run/spire/config
          name: config
          readOnly: true
        - mountPath: /run/spire/data
          name: spire-data
        - mountPath: /tmp/spire-server/private
          name: spire-data
          subPath: private
      securityContext:
        fsGroup: 1000
        fsGroupChangePolicy: OnRootMismatch
        runAsGroup: 1000
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      serviceAccountName: spire-server
      volumes:
      - emptyDir: {}
        name: tmp
      - configMap:
          name: spire-server
        name: config
  volumeClaimTemplates:
  - metadata:
      name: spire-data
    spec:
      accessModes:
      - ReadWriteOnce
      resources:
        requests:
          storage: 1Gi
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  labels:
    app.kubernetes.io/name: spire-agent
    app.kubernetes.io/part-of: comity
  name: spire-agent
  namespace: spire-system
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: spire-agent
  template:
    metadata:
      annotations:
        kubectl.kubernetes.io/default-container: spire-agent
      labels:
        app.kubernetes.io/name: spire-agent
        app.kubernetes.io/part-of: comity
    spec:
      containers:
      - args:
        - -expandEnv
        - -config
        - /run/spire/config/agent.conf
        command:
        - /opt/spire/bin/spire-agent
        - run
        env:
        - name: MY_NODE_NAME
          valueFrom:
            fieldRef:
              fieldPath: status.hostIP
        - name: SPIRE_AGENT_PUBLIC_SOCKET
          value: /tmp/spire-agent/public/spire-agent.sock
        envFrom:
        - configMapRef:
            name: spire-settings
        image: comity:latest
        imagePullPolicy: IfNotPresent
        livenessProbe:
          httpGet:
            path: /live
            port: healthz
          initialDelaySeconds: 15
          periodSeconds: 30
          timeoutSeconds: 5
        name: spire-agent
        ports:
        - containerPort: 9982
          name: healthz
        - containerPort: 9988
          name: metrics
        readinessProbe:
          httpGet:
            path: /ready
            port: healthz
          periodSeconds: 5
          timeoutSeconds: 5
        resources:
          requests:
            cpu: 20m
            memory: 64Mi
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
          readOnlyRootFilesystem: true
          runAsGroup: 0
          runAsUser: 0
        volumeMounts:
        - mountPath: /tmp
          name: tmp
        - mountPath: /run/spire/data
          name: data
        - mountPath: /run/spire/config
          name: config
          readOnly: true
        - mountPath: /run/spire/bundle
          name: bundle
          readOnly: true
        - mountPath: /var/run/secrets/tokens
          name: token
          readOnly: true
        - mountPath: /tmp/spire-agent/public
          name: sockets
      hostPID: true
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      serviceAccountName: spire-agent
      tolerations:
      - effect: NoSchedule
        operator: Exists
      volumes:
      - emptyDir: {}
        name: tmp
      - emptyDir: {}
        name: data
      - configMap:
          name: spire-agent
        name: config
      - configMap:
          items:
          - key: bundle.spiffe
            path: bundle.spiffe
          name: spire-bundle
        name: bundle
      - name: token
        projected:
          sources:
          - serviceAccountToken:
              audience: spire-server
              expirationSeconds: 7200
              path: spire-agent
      - hostPath:
          path: /run/spire/agent-sockets
          type: DirectoryOrCreate
        name: sockets
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 1
    type: RollingUpdate

"""#
}
