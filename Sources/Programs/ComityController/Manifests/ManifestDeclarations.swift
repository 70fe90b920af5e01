// SPDX-License-Identifier: Apache-2.0

import ComityResources
import ComityTelemetry
import Logging
import SPIFFE

/// A folder of manifests as the source of entries and relationships.
struct ManifestDeclarations: EntryDeclarations, FederationDeclarations {
    let folder: ManifestFolder
    let classRule: ClassRule
    /// The server's.
    let trustDomain: TrustDomain

    mutating func declare(in ledger: inout EntryLedger) -> EntryReading {
        var result = EntryReading()
        let reading: ManifestReading
        do throws(ControllerError) {
            reading = try readFolder()
        } catch {
            result.hasReadAll = false
            result.problems = [Self.problem(error)]
            return result
        }
        result.hasReadAll = reading.hasReadAll
        result.keepsOtherEntries = !reading.unusableEntries.isEmpty
        result.problems = Self.problems(reading)
        result.problems += reading.unusableEntries.map {
            Problem(
                .error, "Failed to render ClusterStaticEntry", [.file: $0.file, .object: $0.object, .error: $0.reason])
        }
        result.problems += reading.unselectedEntries.map {
            Problem(.info, "Leaving a resource of another class", [.object: $0.object, .reason: $0.reason])
        }
        var gone = Set(ledger.sources)
        for resource in reading.staticEntries {
            let source = EntrySource.staticEntry(resource.metadata.name)
            gone.remove(source)
            ledger.declare([DeclaredEntry(owner: resource.metadata, entry: resource.entry)], by: source)
        }
        for source in gone { ledger.declare([], by: source) }
        return result
    }

    func outcomes(_ ledger: EntryLedger, bundles: Set<TrustDomain>) -> EntryOutcomes {
        // Manifests have no status.
        EntryOutcomes()
    }

    func read() async -> FederationReading {
        do throws(ControllerError) {
            let reading = try readFolder()
            var result = reading.federation
            result.hasReadAll = result.hasReadAll && reading.hasReadAll
            result.problems += Self.problems(reading)
            return result
        } catch {
            var result = FederationReading()
            result.hasReadAll = false
            result.problems = [Self.problem(error)]
            return result
        }
    }

    private func readFolder() throws(ControllerError) -> ManifestReading {
        ManifestReading(try folder.read(), classRule, of: trustDomain)
    }

    // MARK: - Problems

    private static func problems(_ reading: ManifestReading) -> [Problem] {
        reading.problems.map {
            Problem(.error, "Passing over a manifest", [.file: $0.file, .object: $0.object, .error: $0.reason])
        }
            + reading.passedOver.map {
                Problem(
                    .warning, "Passing over a file whose name does not end in .yaml",
                    [.file: $0, .reason: "only files that end in .yaml are read: rename it"])
            }
    }

    private static func problem(_ error: ControllerError) -> Problem {
        Problem(.error, "Failed to read manifests", [.error: "\(error)"])
    }
}
