"""Reports one whole demo case fact by fact through the generated Python client, and reads it back: `case.py URL STORY`."""

import importlib.util
import json
import pathlib
import sys

# The generated package is called by the folder it was generated into.
package = pathlib.Path("python-client").resolve()
spec = importlib.util.spec_from_file_location("omklap_client", package / "__init__.py", submodule_search_locations=[str(package)])
sys.modules["omklap_client"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)

from omklap_client import Client, models  # noqa: E402
from omklap_client.api.trajectories import open_trajectory, read_timeline, read_trajectory, report_facts  # noqa: E402


def told(line):
    """A line of the story as the model that was generated for its type."""
    fact = json.loads(line)
    name = "".join(part.capitalize() for part in fact["type"].split("-"))
    model = next(getattr(models, known) for known in dir(models) if known.lower() == name.lower())
    return model.from_dict(fact)


def main(url, story):
    client = Client(base_url=f"{url}/v1")
    caller = {"omklap_actor": "u-python", "omklap_organisation": "cosis", "omklap_purpose": "conformance"}
    as_role = lambda operation: {**caller, "omklap_role": getattr(models, f"{operation}OmklapRole")("care-provider")}
    facts = [told(line) for line in pathlib.Path(story).read_text().splitlines() if line]

    answer = open_trajectory.sync_detailed(client=client, body=facts[0], **as_role("OpenTrajectory"))
    assert answer.status_code == 201, answer.content
    trajectory = answer.parsed.trajectory_id
    for number, fact in enumerate(facts[1:], start=2):
        answer = report_facts.sync_detailed(
            trajectory, client=client, body=fact, if_match=f'"{number - 1}"', idempotency_key=f"python-{trajectory}-{number}",
            **as_role("ReportFacts"),
        )
        assert answer.status_code == 201, (number, answer.content)
        assert answer.parsed.version == number

    standing = read_trajectory.sync(trajectory, client=client, **as_role("ReadTrajectory"))
    assert standing.version == len(facts) and standing.phase == answer.parsed.phase
    timeline = read_timeline.sync(trajectory, client=client, limit=500, **as_role("ReadTimeline"))
    assert [entry.fact.to_dict() for entry in timeline.items] == [fact.to_dict() for fact in facts]
    print(f"Python: {len(facts)} facts reported and read back; the case stands in {standing.phase}")


main(*sys.argv[1:])
