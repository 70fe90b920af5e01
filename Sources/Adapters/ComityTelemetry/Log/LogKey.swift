// SPDX-License-Identifier: Apache-2.0

/// The fields of log lines, by the names that SPIRE gives them.
package enum LogKey: String, Sendable, Hashable, CaseIterable {
    case address
    case agentID = "agent_id"
    case agentVersion = "agent_version"
    case attempt
    case authorityID = "authority_id"
    case bundleEndpointProfile = "bundle_endpoint_profile"
    case bundleEndpointURL = "bundle_endpoint_url"
    case callerAddress = "caller_addr"
    case callerGID = "caller_gid"
    case callerID = "caller_id"
    case callerPath = "caller_path"
    case callerUID = "caller_uid"
    case changed
    case check
    case count
    case dataDirectory = "data_dir"
    case details
    case duration
    case elapsed
    case endpointSPIFFEID = "endpoint_spiffe_id"
    case entryID = "entry_id"
    case error
    case expiration
    case expiresAt = "expires_at"
    case failures
    case federatedBundle = "federated_bundle"
    case fingerprint
    case interval
    case issuedAt = "issued_at"
    case jwtAuthorityKeyIDs = "jwt_authority_key_ids"
    case keyID = "key_id"
    case method
    case mode
    case network
    case nextRefresh = "next_refresh"
    case nextUpdate = "next_update"
    case nodeAttestorType = "node_attestor_type"
    case notAfter = "not_after"
    case notBefore = "not_before"
    case parentID = "parent_id"
    case path
    case pid
    case plugin = "plugin_name"
    case pluginType = "plugin_type"
    case processID = "process_id"
    case reason
    case reattestable
    case refreshHint = "refresh_hint"
    case registrationID = "registration_entry_id"
    case registered
    case requestID = "request_id"
    case retryInterval = "retry_interval"
    case selectors
    case sequenceNumber = "sequence_number"
    case serialNumber = "serial_num"
    case service
    case slot
    case spiffeID = "spiffe_id"
    case status
    case statusCode = "status_code"
    case statusMessage = "status_message"
    case subjectKeyIDs = "subject_key_ids"
    case subsystemName = "subsystem_name"
    case trustDomain = "trust_domain"
    case trustDomainID = "trust_domain_id"
    case ttl
    case type
    case upstreamAuthorityID = "upstream_authority_id"
    case version

    // The controller's, by the names of the upstream controller.
    case admin
    case clusterFederatedTrustDomain
    case clusterSPIFFEID
    case clusterStaticEntry
    case conflictWith
    case declaredEndpointID = "endpointSPIFFEID"
    case declaredEndpointProfile = "bundleEndpointProfile"
    case declaredEndpointURL = "bundleEndpointURL"
    case dnsNames
    case downstream
    case entryIdentifier = "id"
    case entryParentID = "parentID"
    case entrySPIFFEID = "spiffeID"
    case federatesWith
    case hint
    case jwtSVIDTTL
    case storeSVID
    case trustDomainKey
    case x509SVIDTTL

    // The controller's own.
    case file
    case object
    case owner
}
