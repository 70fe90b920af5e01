// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE
import WorkloadAPIProtos
import X509

/// An X509-SVID that an agent handed out, with all that it is checked by.
struct FetchedX509SVID {
    let credential: X509Credential
    let bundle: [Certificate]

    /// Reads every SVID of an answer and checks it against its own bundle.
    ///
    /// - Throws: ``CommandError`` with code `answer`.
    static func all(
        of answer: Workload_X509SVIDResponse, at now: Date
    ) throws(CommandError) -> [FetchedX509SVID] {
        guard !answer.svids.isEmpty else { throw CommandError(.answer, "workload response contains no svids") }
        var svids: [FetchedX509SVID] = []
        for (index, svid) in answer.svids.enumerated() {
            do throws(SPIFFEError) {
                svids.append(try FetchedX509SVID(svid, at: now))
            } catch {
                throw CommandError(
                    .answer, "failed to parse svid entry \(index) for spiffe id \(svid.spiffeID.quoted)", cause: error)
            }
        }
        return svids
    }

    private init(_ svid: Workload_X509SVID, at now: Date) throws(SPIFFEError) {
        credential = try X509Credential(
            concatenatedDER: [UInt8](svid.x509Svid), privateKeyDER: [UInt8](svid.x509SvidKey), hint: svid.hint)
        bundle = try CertificateChainEncoding.certificates(concatenatedDER: [UInt8](svid.bundle))
        guard !bundle.isEmpty else { throw SPIFFEError(.invalidBundle, "no certificates in trust bundle") }
        var authorities: [X509Authority] = []
        for certificate in bundle { authorities.append(try X509Authority(certificate)) }
        let trusted = SPIFFEBundle(trustDomain: credential.id.trustDomain, x509Authorities: authorities)
        _ = try UnverifiedX509SVID(certificates: credential.certificates).verified(by: BundleSet([trusted]), at: now)
    }

    /// The foreign bundles of an answer in the order of their names.
    ///
    /// - Throws: ``CommandError`` with code `answer`.
    static func federatedBundles(
        of answer: Workload_X509SVIDResponse
    ) throws(CommandError) -> [(name: String, certificates: [Certificate])] {
        var bundles: [(name: String, certificates: [Certificate])] = []
        for (name, bytes) in answer.federatedBundles.sorted(by: { $0.key < $1.key }) {
            do throws(SPIFFEError) {
                bundles.append((name, try CertificateChainEncoding.certificates(concatenatedDER: [UInt8](bytes))))
            } catch {
                throw CommandError(
                    .answer, "failed to parse bundle for federated domain \(name.quoted)", cause: error)
            }
        }
        return bundles
    }
}
