// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

extension Inspection {
    /// A map is as good as the worst of its bundles, because it is used whole.
    init(bundleMap bytes: [UInt8], at date: Date) {
        let map: BundleMapDocument
        do throws(SPIFFEError) {
            map = try BundleMapDocument(parsing: bytes)
        } catch {
            self.init(kind: "Bundle map", verdict: .invalid("\(error)"))
            return
        }
        self.init(kind: "Bundle map", verdict: Self.verdict(on: map, at: date))
        add("Trust domain", "trust_domains", map.documents.map { Self.text(of: $0.bundle) })
        add(
            "Ignored entry", "ignored_entries",
            map.documents.flatMap { document in
                document.ignoredEntries.map {
                    "\(document.bundle.trustDomain) entry \($0.index): \($0.reason)"
                }
            })
    }

    private static func text(of bundle: SPIFFEBundle) -> String {
        "\(bundle.trustDomain), \(bundle.x509Authorities.count) X.509 authorities, "
            + "\(bundle.jwtAuthorities.count) JWT authorities"
    }

    private static func verdict(on map: BundleMapDocument, at date: Date) -> Verdict {
        for document in map.documents {
            if case .invalid(let reason) = verdict(on: document.bundle, at: date) {
                return .invalid("bundle of \(document.bundle.trustDomain): \(reason)")
            }
        }
        return .valid("the bundles of its \(map.documents.count) trust domains can be used")
    }
}
