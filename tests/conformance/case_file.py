"""Checks a case file without any code of omklap.

It uses hashlib for the hashes, pymerkle for the tree and cryptography for the signatures.

    case_file.py FILE PUBLIC-KEY...

It follows docs/AUDIT.md and fails at the first error. It does not replay the phase.
"""

import base64
import hashlib
import json
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pymerkle.proof import InclusionProof, verify_inclusion

FIELDS = {"agreementSets", "categories", "checkpoint", "erased", "events", "exportedAt", "exportedFor", "format", "phase",
          "head", "publicKeys", "seal", "texts", "trajectoryId", "version"}


def require(condition, what):
    # Not `assert`, which `python3 -O` removes.
    if not condition:
        raise SystemExit(f"NOT AS RECORDED\n{what}")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def canonical(value):
    # The part of RFC 8785 that a case file needs: whole numbers, and names in ASCII.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed_text(note, keys, what):
    """The signer, the text and the number of signatures of a C2SP signed note that one of these keys has signed."""
    text, _, block = note.rpartition("\n\n")
    text += "\n"
    require(re.fullmatch(r"(— [^ \n]+ [A-Za-z0-9+/]+=*\n)+", block), f"the {what} has something other than signatures under its text")
    lines = [line.split(" ")[1:] for line in block.split("\n")[:-1]]
    for key in keys:
        name, _, encoded = key.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        key_id = sha256(name.encode(), b"\n", raw)[:4]
        for signer, signature in lines:
            signature = base64.b64decode(signature, validate=True)
            if signer == name and signature[:4] == key_id and verifies(raw[1:], signature[4:], text.encode()):
                return name, text, len(lines)
    require(False, f"the {what} is signed by none of these keys")


def verifies(key, signature, text):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
        return True
    except InvalidSignature:
        return False


def chained(previous, event, trajectory):
    fields = ["trajectory", trajectory, str(event["sequence"]), event["eventId"], event["eventType"], event["eventVersion"],
              event["recordedAt"], event["payload"], event["metadata"]]
    encoded = [field.encode() for field in fields]
    return sha256(previous, *(len(field).to_bytes(8, "big") + field for field in encoded))


def directions(index, size):
    """For each hash of an inclusion proof: 1 if it is on the left (RFC 9162 §2.1.3.2)."""
    last, beside = size - 1, []
    while last > 0:
        if index % 2 == 1 or index == last:
            beside.append(1)
            while index % 2 == 0 and index != 0:
                index, last = index >> 1, last >> 1
        else:
            beside.append(0)
        index, last = index >> 1, last >> 1
    return beside


def check(file, keys):
    case = json.loads(file)
    require(case["format"] == "omklap-case-file/1", "it is in another format")
    require(case.keys() == FIELDS, "it has other fields than a case file")
    name, text, _ = signed_text(case["checkpoint"], keys, "checkpoint")
    origin, size, root = text.removesuffix("\n").split("\n")
    require(origin == name, "the checkpoint is of another ledger")
    size, root = int(size), base64.b64decode(root)

    previous, hashes, commitments = bytes(32), [], {}
    for number, event in enumerate(case["events"], start=1):
        require(event["sequence"] == number, f"event {number} is missing")
        recorded = bytes.fromhex(event["hash"])
        if not event.get("withheld"):
            require(chained(previous, event, case["trajectoryId"]) == recorded, f"event {number} is not what was recorded")
            commitments.update(found_in(json.loads(event["payload"])))
        else:
            commitments.update(found_in(event.get("fact")))  # covered by the seal only
        leaf = sha256(b"\x00", event["position"].to_bytes(8, "big"), recorded)
        included(leaf, event["leafIndex"], event["inclusion"], size, root)
        previous = recorded
        hashes.append(recorded)
    require(case["version"] == len(case["events"]), "its end is missing")
    last_of_the_case(case, hashes, size, root)

    for private in case["texts"]:
        committed = sha256(bytes.fromhex(private["salt"]), private["text"].encode()).hex()
        require(commitments.get(private["id"]) == committed, f"text {private['id']} is not what was recorded")

    there = {private["id"] for private in case["texts"]}
    for erased in case["erased"]:
        require(erased in commitments and erased not in there, f"text {erased} is listed as erased, but is not")

    require(canonical(case) + b"\n" == file, "the file is not written canonically")
    name, text, signatures = signed_text(case.pop("seal"), keys, "seal")
    require(signatures == 1, "there is something else under the seal")
    sealed = f"{name}\nomklap-case-file/1\n{sha256(canonical(case)).hex()}\n"
    require(text == sealed, "the file is not the one that was sealed")
    return len(case["events"])


def included(leaf, index, beside, size, root):
    rule = [*directions(index, size), 0]
    proof = InclusionProof("sha256", True, size, index + 1, rule, [leaf, *map(bytes.fromhex, beside)])
    verify_inclusion(leaf, root, proof, index=index + 1, size=size, algorithm="sha256")


def last_of_the_case(case, hashes, size, root):
    """The last leaf of the tree says that the case has no other event."""
    head, heads = case["head"], bytes.fromhex(case["head"]["heads"])
    key = sha256(f"omklap-head/1\ntrajectory {case['trajectoryId']}\n".encode(), hashes[0])
    node = sha256(b"\x00", key, len(hashes).to_bytes(8, "big"), hashes[-1])
    for depth, sibling in reversed(list(enumerate(reversed(head["siblings"])))):
        goes_right = key[depth // 8] >> (7 - depth % 8) & 1
        beside = bytes.fromhex(sibling)
        node = sha256(b"\x01", beside, node) if goes_right else sha256(b"\x01", node, beside)
    require(node == heads, "the ledger does not say that this is the last event of the case")
    statement = sha256(b"omklap-heads/1\n", (size - 1).to_bytes(8, "big"), heads)
    included(sha256(b"\x00", head["position"].to_bytes(8, "big"), statement), size - 1, head["inclusion"], size, root)


def found_in(value):
    """Every commitment to a private text, by the text's id."""
    if isinstance(value, dict):
        if value.keys() == {"id", "commitment"}:
            yield value["id"], value["commitment"]
        for inner in value.values():
            yield from found_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from found_in(inner)


if __name__ == "__main__":
    require(len(sys.argv) > 2, "case_file.py FILE PUBLIC-KEY...")
    with open(sys.argv[1], "rb") as opened:
        print(f"{check(opened.read(), sys.argv[2:])} events as recorded, by pymerkle and cryptography")
