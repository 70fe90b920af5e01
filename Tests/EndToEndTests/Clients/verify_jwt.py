# SPDX-License-Identifier: Apache-2.0
"""Verifies a JWT-SVID with joserfc: verify_jwt.py BUNDLE-DOCUMENT AUDIENCE < TOKEN; prints the claims as JSON."""
import json
import sys

from joserfc import jwt
from joserfc.jwk import KeySet

with open(sys.argv[1], encoding="utf-8") as file:
    keys = [key for key in json.load(file)["keys"] if key["use"] == "jwt-svid"]
# joserfc knows no "use" but "sig" and "enc"; SPIFFE's "use" has done its work above.
keys = KeySet.import_key_set({"keys": [{name: key[name] for name in key if name != "use"} for key in keys]})
token = jwt.decode(sys.stdin.read().strip(), keys, algorithms=["ES256", "ES384", "RS256"])
jwt.JWTClaimsRegistry(
    aud={"essential": True, "value": sys.argv[2]}, exp={"essential": True}, sub={"essential": True}
).validate(token.claims)
print(json.dumps({"header": token.header, "claims": token.claims}))
