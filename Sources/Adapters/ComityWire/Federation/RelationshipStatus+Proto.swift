// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE
package import ServerAPIProtos

extension Comity_Federation_V1_RelationshipStatus {
    /// - Parameters:
    ///   - status: `nil` before the first attempt.
    ///   - bundle: the stored one.
    package init(
        _ relationship: FederationRelationship, isStatic: Bool, status: FederationStatus?, bundle: SPIFFEBundle?
    ) {
        self.init()
        trustDomain = relationship.trustDomain.name
        bundleEndpointURL = relationship.bundleEndpointURL
        bundleEndpointProfile = relationship.profile.name
        if case .httpsSPIFFE(let endpointID) = relationship.profile { endpointSpiffeID = endpointID.uri }
        self.isStatic = isStatic
        if let status { set(status) }
        if let bundle {
            sequenceNumber = bundle.sequenceNumber ?? 0
            refreshHint = bundle.refreshHint ?? 0
            earliestAuthorityExpiresAt = BundleLifetime(of: bundle).firstExpiry.unixSeconds
        }
    }

    private mutating func set(_ status: FederationStatus) {
        lastSuccessAt = status.lastSuccess.unixSeconds
        lastAttemptAt = status.lastAttempt.unixSeconds
        nextAttemptAt = status.nextAttempt.unixSeconds
        lastChangeAt = status.lastChange.unixSeconds
        consecutiveFailures = status.consecutiveFailures
        if let failure = status.lastFailure {
            lastErrorClass = Comity_Federation_V1_ErrorClass(failure.class)
            lastError = failure.message
        } else if status.lastAttempt != nil {
            lastErrorClass = .none
        }
    }
}

extension Comity_Federation_V1_ErrorClass {
    package init(_ failureClass: FederationFailure.Class) {
        self =
            switch failureClass {
            case .dns: .dns
            case .connect: .connect
            case .tlsIdentity: .tlsIdentity
            case .timeout: .timeout
            case .redirect: .redirect
            case .httpStatus: .httpStatus
            case .tooLarge: .tooLarge
            case .document: .document
            case .rollback: .rollback
            case .sharedKey: .sharedKey
            case .noBundle: .noBundle
            case .store: .store
            }
    }
}
