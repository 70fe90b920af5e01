// SPDX-License-Identifier: Apache-2.0

import ComityResources
import ComityTelemetry
import Logging
import SPIFFE

/// A folder of manifests as the source of entries and relationships.
struct ManifestDeclarations: EntryDeclarations, FederationDeclarations {
    let folder: ManifestFolder
    let classRule: ClassRule

    // MARK: - Entries

    mutating func declare(in ledger: inout EntryLedger) -> EntryReading {
        var result = EntryReading()
        let reading: ManifestReading
        do throws(ControllerError) {
            reading = try read()
        } catch {
            result.hasReadAll = false
            result.problems = [Self.problem(error)]
            return result
        }
        result.hasReadAll = reading.hasReadAll
        result.keepsOtherEntries = reading.hasUnreadableEntries
        result.problems = reading.problems.filter { $0.kind != ClusterFederatedTrustDomain.kind }.map {
            Self.problem($0, "Failed to render ClusterStaticEntry")
        }
        result.problems += Self.problems(reading, of: ClusterStaticEntry.kind)
        var gone = Set(ledger.sources)
        for resource in reading.staticEntries {
            let source = EntrySource.staticEntry(resource.metadata.name)
            gone.remove(source)
            ledger.declare([DeclaredEntry(owner: resource.metadata, entry: resource.entry)], by: source)
        }
        for source in gone { ledger.declare([], by: source) }
        return result
    }

    // MARK: - Federation

    func read() -> FederationReading {
        var result = FederationReading()
        do throws(ControllerError) {
            let reading: ManifestReading = try read()
            result.resources = reading.federatedTrustDomains
            result.unreadable = reading.unreadableTrustDomains
            result.hasReadAll = reading.hasReadAll
            result.problems = reading.problems.filter { $0.kind != ClusterStaticEntry.kind }.map {
                Self.problem($0, "Ignoring invalid ClusterFederatedTrustDomain")
            }
            result.problems += Self.problems(reading, of: ClusterFederatedTrustDomain.kind)
        } catch {
            result.hasReadAll = false
            result.problems = [Self.problem(error)]
        }
        return result
    }

    private func read() throws(ControllerError) -> ManifestReading {
        ManifestReading(try folder.read(), classRule)
    }

    // MARK: - Problems

    private static func problems(_ reading: ManifestReading, of kind: String) -> [Problem] {
        let unselected = reading.unselected.filter { $0.kind == kind }.map {
            Problem(.info, "Leaving a resource of another class", [.object: "\($0.kind)/\($0.name)", .reason: $0.reason])
        }
        let passedOver = reading.passedOver.map {
            Problem(
                .warning, "Passing over a file whose name does not end in .yaml",
                [.file: $0, .reason: "only files that end in .yaml are read: rename it"])
        }
        return unselected + passedOver
    }

    private static func problem(_ problem: ManifestReading.Problem, _ message: String) -> Problem {
        let isOfKind = !problem.kind.isEmpty && problem.kind != ClusterSPIFFEID.kind
        return Problem(
            .error, isOfKind ? message : "Passing over a manifest",
            [.file: problem.file, .object: "\(problem.kind)/\(problem.name)", .error: problem.reason])
    }

    private static func problem(_ error: ControllerError) -> Problem {
        Problem(.error, "Failed to read manifests", [.error: "\(error)"])
    }
}
