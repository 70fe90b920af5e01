# SPDX-License-Identifier: Apache-2.0
"""A workload in Python that knows the Workload API only by the package "spiffe".

workload_client.py SOCKET x509          default X.509-SVID, its chain in PEM and all X.509 bundles, as JSON
workload_client.py SOCKET jwt AUDIENCE  a JWT-SVID, verified by the JWT bundles and by the agent, as JSON
workload_client.py SOCKET watch COUNT   one line of JSON per X.509 update, until the SVID has changed COUNT times
"""
import json
import queue
import sys

from cryptography.hazmat.primitives.serialization import Encoding
from spiffe import WorkloadApiClient
from spiffe.svid.jwt_svid import JwtSvid

TIMEOUT = 30


def pem(certificates):
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates)


def bundles(of_set):
    return {bundle.trust_domain.name: pem(bundle.x509_authorities) for bundle in of_set.bundles}


def x509(client):
    context = client.fetch_x509_context(timeout=TIMEOUT)
    svid = context.default_svid
    return {
        "id": str(svid.spiffe_id),
        "chain": pem(svid.cert_chain),
        "bundles": bundles(context.x509_bundle_set),
        "bundles_alone": bundles(client.fetch_x509_bundles(timeout=TIMEOUT)),
    }


def jwt(client, audience):
    svid = client.fetch_jwt_svid(audience={audience}, timeout=TIMEOUT)
    bundle_set = client.fetch_jwt_bundles(timeout=TIMEOUT)
    bundle = bundle_set.get_bundle_for_trust_domain(svid.spiffe_id.trust_domain)
    verified = JwtSvid.parse_and_validate(svid.token, bundle, {audience})
    confirmed = client.validate_jwt_svid(svid.token, audience, timeout=TIMEOUT)
    try:
        client.validate_jwt_svid(svid.token, "someone else", timeout=TIMEOUT)
        refusal = None
    except Exception as error:
        refusal = str(error)
    return {
        "token": svid.token,
        "id": str(verified.spiffe_id),
        "confirmed_id": str(confirmed.spiffe_id),
        "audience": sorted(confirmed.audience),
        "refusal": refusal,
        "trust_domains": sorted(bundle.trust_domain.name for bundle in bundle_set.bundles),
    }


def watch(client, count):
    updates = queue.Queue()
    handler = client.stream_x509_contexts(updates.put, updates.put)
    serials = []
    while len(serials) <= count:
        update = updates.get(timeout=TIMEOUT)
        if isinstance(update, Exception):
            raise update
        serial = update.default_svid.leaf.serial_number
        print(json.dumps({"serial": str(serial), "id": str(update.default_svid.spiffe_id)}), flush=True)
        if serial not in serials:
            serials.append(serial)
    handler.cancel()


def main():
    socket, command = sys.argv[1:3]
    with WorkloadApiClient(socket_path=f"unix://{socket}") as client:
        if command == "x509":
            print(json.dumps(x509(client)))
        elif command == "jwt":
            print(json.dumps(jwt(client, sys.argv[3])))
        elif command == "watch":
            watch(client, int(sys.argv[3]))
        else:
            sys.exit(f"unknown command {command}")


main()
