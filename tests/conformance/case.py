"""Reports one whole demo case fact by fact through the generated Python client, and reads it back.

    case.py URL STORY TOKEN...

Every token belongs to one partner. A fact is reported by the first partner that may report it.
"""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys

# The generated package has the name of its folder, which is not a valid module name.
package = pathlib.Path("python-client").resolve()
spec = importlib.util.spec_from_file_location("omklap_client", package / "__init__.py", submodule_search_locations=[str(package)])
sys.modules["omklap_client"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)

from omklap_client import AuthenticatedClient, models  # noqa: E402
from omklap_client.api.trajectories import open_trajectory, read_timeline, read_trajectory, report_facts  # noqa: E402


def parse_fact(line):
    """A line of the story as the generated model of its type."""
    fact = json.loads(line)
    name = "".join(part.capitalize() for part in fact["type"].split("-"))
    model = next(getattr(models, known) for known in dir(models) if known.lower() == name.lower())
    return model.from_dict(fact)


def main(url, story, *tokens):
    partners = [AuthenticatedClient(base_url=f"{url}/v1", token=token) for token in tokens]
    facts = [parse_fact(line) for line in pathlib.Path(story).read_text().splitlines() if line]

    answer = open_trajectory.sync_detailed(client=partners[0], body=facts[0])
    assert answer.status_code == 201, answer.content
    trajectory = answer.parsed.trajectory_id
    # Facts that only the client may report need a token of this client.
    mint = [os.environ.get("OMKLAP", "omklap"), "token", "--client", "cosis", "--role", "client", "--purpose", "conformance"]
    mint += ["--scope", "trajectories:read", "--scope", "trajectories:report", "--trajectory", str(trajectory)]
    token = subprocess.run(mint, check=True, capture_output=True, text=True).stdout.strip()
    partners.append(AuthenticatedClient(base_url=f"{url}/v1", token=token))
    tag = answer.headers["ETag"]
    for number, fact in enumerate(facts[1:], start=2):
        for client in partners:
            answer = report_facts.sync_detailed(
                trajectory, client=client, body=fact, if_match=tag, idempotency_key=f"python-{trajectory}-{number}",
            )
            if answer.status_code not in (403, 404):
                break
        assert answer.status_code == 201, (number, answer.content)
        assert answer.parsed.version == number
        tag = answer.headers["ETag"]

    state = read_trajectory.sync(trajectory, client=partners[0])
    assert state.version == len(facts) and state.phase == answer.parsed.phase
    timeline = read_timeline.sync(trajectory, client=partners[0], limit=500)
    assert len(timeline.items) == len(facts)
    print(f"Python: {len(facts)} facts reported and read back; the case is in phase {state.phase}")


main(*sys.argv[1:])
