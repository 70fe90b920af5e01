// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
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

extension FederationStatus {
    /// What a server tells; a class of errors that is not known here is taken for its store's.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Comity_Federation_V1_RelationshipStatus) throws(RegistryError) {
        self.init(trustDomain: try TrustDomain(wire: proto.trustDomain))
        lastSuccess = Date(unixSeconds: proto.lastSuccessAt)
        lastAttempt = Date(unixSeconds: proto.lastAttemptAt)
        nextAttempt = Date(unixSeconds: proto.nextAttemptAt)
        lastChange = Date(unixSeconds: proto.lastChangeAt)
        consecutiveFailures = proto.consecutiveFailures
        switch proto.lastErrorClass {
        case .none, .unspecified: break
        case let named:
            let failureClass = FederationFailure.Class.allCases.first { .init($0) == named }
            lastFailure = FederationFailure(failureClass ?? .store, proto.lastError)
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
