// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityStorage
import ComityWire
import SPIFFE

extension AdoptionPlan {
    /// Finds the server's journal by its keys, as SPIRE does, and takes the keys that it names.
    mutating func takeAuthorities(keys: [SigningKey], journalFile: [UInt8]?) {
        let ids = Set(AuthoritySlot.allCases.flatMap { [$0.keyID(.x509), $0.keyID(.jwt)] })
        self.keys = keys.filter { ids.contains($0.id) }
        leftBehind += keys.filter { !ids.contains($0.id) }.map { "key \"\($0.id)\": not of an X.509 or JWT authority" }

        let identifiers = Set(keys.map { $0.publicKey.keyIdentifier.hex })
        let own = source.journals.last { identifiers.contains($0.activeX509AuthorityID) }
        leftBehind += source.journals.filter { $0 != own }.map {
            """
            CA journal with X.509 authority "\($0.activeX509AuthorityID)": of a server with other keys; its authorities \
            stay in the bundle
            """
        }
        do {
            let stored: StoredJournal
            if let own {
                stored = try StoredJournal(bytes: own.data)
            } else if let journalFile {
                stored = try StoredJournal(pem: journalFile)
            } else {
                faults.append(
                    """
                    no CA journal in the database belongs to the keys; name the key file of the same server, or its \
                    journal.pem with -sourceJournal
                    """)
                return
            }
            content.journal = stored.journal
            leftBehind += stored.left
            judgeAuthorities()
        } catch {
            faults.append("\(error)")
        }
    }

    /// What signs must go on signing; a successor that cannot is made anew.
    private mutating func judgeAuthorities() {
        let held = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
        let bundle =
            content.bundles.first { $0.trustDomain == trustDomain }?.bundle ?? SPIFFEBundle(trustDomain: trustDomain)
        for kind in [AuthorityKind.x509, .jwt] {
            let name = kind == .x509 ? "X.509" : "JWT"
            guard let active = content.journal[kind].last(where: { $0.status == .active }) else {
                if kind == .x509 { faults.append("the CA journal has no active X.509 authority") }
                continue
            }
            for record in content.journal[kind] where record.status != .old {
                let keyID = record.slot.keyID(kind)
                if held[keyID].map({ record.isUsable(kind, key: $0, bundle: bundle) }) ?? false { continue }
                let why = """
                    \(name) authority "\(record.authorityID)" (\(record.status.rawValue)): key "\(keyID)" is not in the key \
                    file, or it is not in the bundle
                    """
                if kind == .x509, record == active {
                    faults.append(why)
                } else {
                    losses.append("\(why); the server makes a new one")
                }
            }
        }
    }
}
