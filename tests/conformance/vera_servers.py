"""Lets `prism` take part with the files of VERA, which nobody here wrote: as the corporation's server that the
connector calls, before the façade, and as a source of random messages. Each part has a control.

Usage: vera_servers.py DOMAINS PRISM OMKLAP URL TOKEN WORK
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

domains, prism, omklap, url, token, work = sys.argv[1:]
work = Path(work)
# How many lists of random messages are asked for, of each kind. `prism` takes seconds to make one up.
LISTS = int(os.environ.get("RANDOM_LISTS", "4"))
VIOLATION = re.compile(r"Violation: (request|response)[^\n]*")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def running(name, *arguments):
    """`prism` with these arguments: its address and its log."""
    port, log = free_port(), work / f"prism-{name}.log"
    with log.open("w") as output:
        process = subprocess.Popen([prism, *arguments, "-p", str(port)], stdout=output, stderr=output)
    try:
        for _ in range(240):
            if "Prism is listening" in log.read_text():
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.25)
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait()


def call(method, address, body=None, headers=None):
    """The status and the body of an answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(address, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        text = error.read()
        return error.code, json.loads(text) if text.startswith((b"{", b"[")) else text.decode()


def violations(log):
    return [found[0] for found in VIOLATION.finditer(log.read_text())]


def publication(key):
    return {
        "idExtern": key,
        "status": {"code": "GEP"},
        "model": {"code": "DIS"},
        "detailModel": {"code": "OMK"},
        "opleverdatum": "2026-10-01T00:00:00Z",
        "eenheden": [{"idExtern": f"VHE-{key}", "rekenhuur": 400.25, "kamersAantal": 2, "adres": {"gemeente": {"code": "0106"}}}],
        "extra-attributen": [{"naam": "omklap.overlastdossier", "waarde": "nee"}, {"naam": "omklap.regio", "waarde": "assen"}],
    }


def connector():
    folder = work / "vera-connector"
    shutil.rmtree(folder, ignore_errors=True)
    (work / "vera-token").write_text("a-token")
    with running("allocation", "mock", f"{domains}/Woonruimteverdeling.yaml") as (allocation, log):
        with running("agreements", "mock", f"{domains}/Overeenkomsten.yaml") as (agreements, _):
            command = [omklap, "--json", "vera-connector", "--once", "--server", url, "--allocation", allocation]
            command += ["--agreements", agreements, "--folder", str(folder), "--vera-token-file", str(work / "vera-token")]
            environment = {**os.environ, "OMKLAP_TOKEN": token}
            ran = subprocess.run(command, env=environment, capture_output=True, text=True)
            assert ran.returncode == 0, ran.stdout + ran.stderr
            brought = json.loads(ran.stdout.splitlines()[-1])["brought"]
            assert brought > 0, ran.stdout
            assert not violations(log), violations(log)
            # The control: a message with a date that the standard does not allow is a violation.
            status, _ = call("POST", f"{allocation}/aanbiedingen", {"idExtern": "x", "datum": "01-06-2026"})
            assert status >= 400 and any("datum" in found for found in violations(log)), violations(log)
            # Another: without its token the round is not completed.
            (work / "vera-token").write_text("")
            without = [part for part in command if part not in ("--vera-token-file", str(work / "vera-token"))]
            refused = subprocess.run(without, env=environment, capture_output=True, text=True)
            assert refused.returncode == 2, refused.stdout + refused.stderr
    print("prism as the corporation's server:", brought, "messages")


def facade():
    document = json.loads((work / "vera.json").read_text())
    with running("facade", "proxy", str(work / "vera.json"), f"{url}/vera/v4", "--errors") as (proxy, log):
        status, opened = call("POST", f"{proxy}/publicaties", publication("PRISM-1"))
        assert status == 201, opened
        paths = [f"kandidaten?publicatie={opened['id']}", "aanbiedingen", "toewijzingen", "voorrangsregelingen"]
        paths += ["voorrangsregeling-profielen", "eenheden", "natuurlijk-personen", "relatierollen", "rechtspersonen"]
        for path in paths:
            status, answer = call("GET", f"{proxy}/{path}")
            assert status == 200, (path, status, answer)
        assert any(call("GET", f"{proxy}/{path}")[1] for path in paths[1:])
        assert not violations(log), violations(log)
    # The control: a document that promises something else is not kept.
    document["components"]["schemas"]["Eenheid"]["properties"]["rekenhuur"]["type"] = ["string"]
    (work / "vera-control.json").write_text(json.dumps(document))
    with running("control", "proxy", str(work / "vera-control.json"), f"{url}/vera/v4", "--errors") as (proxy, _):
        status, answer = call("GET", f"{proxy}/eenheden")
        assert status == 500, (status, answer)
    print("prism before the façade:", len(paths) + 1, "operations")


def random_messages():
    """What `prism` makes up from the standard is taken, or refused with a `Foutbericht`; nothing else."""
    counts = {}
    kinds = [("Woonruimteverdeling", "publicaties"), ("Woonruimteverdeling", "aanbiedingen")]
    kinds += [("Woonruimteverdeling", "toewijzingen"), ("Overeenkomsten", "huurovereenkomsten"), ("Overeenkomsten", "huuropzeggingen")]
    for domain in sorted({domain for domain, _ in kinds}):
        with running(f"dynamic-{domain}", "mock", f"{domains}/{domain}.yaml", "--dynamic", "--seed", "omklap") as (mock, _):
            for path in [path for of, path in kinds if of == domain]:
                seen = set()
                for _ in range(LISTS):
                    for message in call("GET", f"{mock}/{path}")[1]:
                        seen.add(json.dumps(message))
                        status, answer = call("POST", f"{url}/vera/v4/{path}", message)
                        is_fault = status in (400, 404, 409) and set(answer) == {"code", "omschrijving"}
                        assert status in (200, 201) or is_fault, (path, status, answer, message)
                        counts[status] = counts.get(status, 0) + 1
                assert len(seen) >= LISTS, f"{path}: the messages are not random"
    # The control: something that is no message at all gets no 200.
    assert call("POST", f"{url}/vera/v4/publicaties", ["x"])[0] == 400
    print("random messages:", counts)


connector()
facade()
random_messages()
