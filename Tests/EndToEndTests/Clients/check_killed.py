# SPDX-License-Identifier: Apache-2.0
"""Looks at what killed servers left: check_killed.py FOLDER...; prints what is wrong as JSON.

Each folder has the database and the key file as they were at the kill, known.json with what callers had been told by
then, and served.json with the bundle that the server served after its next start. The database is opened for reading
only and by SQLite's own library; nothing here is Comity's.
"""
import base64
import json
import sqlite3
import sys

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

SLOTS = {"x509": "x509-CA-", "jwt": "JWT-Signer-"}


def public(key):
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def read(folder, name):
    with open(f"{folder}/{name}", encoding="utf-8") as file:
        return json.load(file)


def column(database, query, *values):
    return [row[0] for row in database.execute(query, values)]


class Authority:
    """One line of the journal."""

    def __init__(self, kind, line):
        self.id, self.slot, self.status = line["id"], line["slot"], line["status"]
        self.document = base64.b64decode(line["document"])
        if kind == "x509":
            self.key = public(x509.load_der_x509_certificate(self.document).public_key())
        else:
            self.key = public(load_der_public_key(self.document))


class Remains:
    def __init__(self, folder):
        self.folder, self.faults = folder, []
        self.known, self.served = read(folder, "known.json"), read(folder, "served.json")
        self.keys = {
            name: public(load_der_private_key(base64.b64decode(der), None).public_key())
            for name, der in read(folder, "keys.json")["keys"].items()
        }
        self.database = sqlite3.connect(f"file:{folder}/datastore.sqlite3?mode=ro", uri=True)

    def expect(self, claim, text):
        if not claim:
            self.faults.append(f"{self.folder.rsplit('/', 1)[-1]}: {text}")

    def check(self):
        self.expect(column(self.database, "PRAGMA integrity_check") == ["ok"], "database is not sound")
        self.check_authorities()
        self.check_registry()
        self.check_signatures()

    def check_authorities(self):
        journals = self.database.execute("SELECT id, bytes FROM authority_journals").fetchall()
        self.expect(len(journals) == 1, f"{len(journals)} journals")
        for name, document in journals:
            lines = json.loads(document)
            journal = {kind: [Authority(kind, line) for line in lines[kind]] for kind in SLOTS}
            self.expect(name in [a.id for a in journal["x509"] if a.status == "ACTIVE"], "journal has another's name")
            for kind in SLOTS:
                self.check_journal(kind, journal[kind])

    def check_journal(self, kind, journal):
        active = [authority for authority in journal if authority.status == "ACTIVE"]
        self.expect(len(active) == 1, f"{len(active)} active {kind} authorities")
        journalled = {authority.key for authority in journal}
        for slot in "AB":
            ours = [authority for authority in journal if authority.slot == slot]
            if not ours or ours[-1].status == "OLD":
                continue
            last, key = ours[-1], self.keys.get(SLOTS[kind] + slot)
            # A successor that is being made takes the key of one that never signed; the journal does not know it yet.
            replaced = last.status == "PREPARED" and key is not None and key not in journalled
            self.expect(key == last.key or replaced, f"{kind} {last.status} {last.id} is without its key")
            self.expect(self.is_stored(kind, last), f"{kind} {last.status} {last.id} is not in the stored bundle")
        self.check_told(kind, journal)

    def is_stored(self, kind, authority):
        if kind == "x509":
            query = "SELECT count(*) FROM bundle_x509_authorities WHERE certificate = ?"
            return column(self.database, query, authority.document) == [1]
        query = "SELECT count(*) FROM bundle_jwt_authorities WHERE key_id = ? AND public_key = ?"
        return column(self.database, query, authority.id, authority.document) == [1]

    def check_told(self, kind, journal):
        told = self.known["authorities"].get(kind)
        if told is None:
            return
        statuses = {authority.id: authority.status for authority in journal}
        # The clock may have gone on, never back.
        allowed = {"PREPARED": ("PREPARED", "ACTIVE", "OLD"), "ACTIVE": ("ACTIVE", "OLD")}[told["status"]]
        self.expect(statuses.get(told["id"]) in allowed, f"{kind} {told} became {statuses.get(told['id'])}")

    def check_registry(self):
        entries = set(column(self.database, "SELECT entry_id FROM entries"))
        self.expect(entries.issuperset(self.known["entries"]), "a created entry is gone")
        self.expect(entries.isdisjoint(self.known["deleted"]), "a deleted entry is back")
        for domain, root in self.known["bundles"].items():
            query = """SELECT certificate FROM bundle_x509_authorities JOIN bundles ON bundles.id = bundle_id
                       WHERE trust_domain = ?"""
            found = column(self.database, query, domain)
            self.expect(found == [base64.b64decode(root)], f"bundle of {domain} is not what was set")

    def check_signatures(self):
        roots = {}
        for der in map(base64.b64decode, self.served["x509"]):
            root = x509.load_der_x509_certificate(der)
            roots[root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest] = root
        for der in map(base64.b64decode, self.known["svids"]):
            svid = x509.load_der_x509_certificate(der)
            signer = svid.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
            self.expect(signer in roots, f"an X509-SVID is signed by {signer.hex()}, which is not served")
            if signer in roots:
                svid.verify_directly_issued_by(roots[signer])
        for token in self.known["tokens"]:
            signer = jwt.get_unverified_header(token)["kid"]
            key = self.served["jwt"].get(signer)
            self.expect(key is not None, f"a JWT-SVID is signed by {signer}, which is not served")
            if key is not None:
                options = {"verify_aud": False, "verify_exp": False}
                jwt.decode(token, load_der_public_key(base64.b64decode(key)), algorithms=["ES256"], options=options)


faults = []
for path in sys.argv[1:]:
    remains = Remains(path)
    remains.check()
    faults += remains.faults
print(json.dumps({"checked": len(sys.argv) - 1, "faults": faults}))
