"""A whole case by three parties through the generated Python client, read back by each of them.

    case.py URL STORY PROVIDER CORPORATION MUNICIPALITY

The last three are a token for each party.
"""

import importlib.util
import json
import pathlib
import sys

# The generated package has the name of its folder, which is not a valid module name.
package = pathlib.Path("python-client").resolve()
spec = importlib.util.spec_from_file_location("omklap_client", package / "__init__.py", submodule_search_locations=[str(package)])
sys.modules["omklap_client"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)

from omklap_client import AuthenticatedClient, models  # noqa: E402
from omklap_client.api.trajectories import open_trajectory, read_timeline, read_trajectory, report_facts  # noqa: E402

NAMES = ("provider", "corporation", "municipality")


def model_of(fact):
    """The generated model of a fact's type."""
    name = "".join(part.capitalize() for part in fact["type"].split("-"))
    return next(getattr(models, known) for known in dir(models) if known.lower() == name.lower())


def seen(item):
    """How much of an item of the timeline this party sees. The generated client tells the kinds apart."""
    if isinstance(item, models.WithheldEntry):
        return "withheld"
    if item.fact:
        assert type(item.fact) is model_of({"type": item.type_}), item
        return "whole"
    assert item.fact_in_part.type_ == item.type_, item
    assert item.withheld or item.erased, "it names what is left out"
    return "in part"


def main(url, story, *tokens):
    parties = dict(zip(NAMES, (AuthenticatedClient(base_url=f"{url}/v1", token=token) for token in tokens)))
    lines = [json.loads(line) for line in pathlib.Path(story).read_text().splitlines() if line]
    facts = [model_of(line).from_dict(line) for line in lines]

    # The control: a model takes no fact of another kind.
    for line, other in zip(lines, facts[1:]):
        if type(other) is not model_of(line):
            try:
                type(other).from_dict(line)
            except (ValueError, KeyError):
                continue
            raise AssertionError(f"{type(other)} took {line}")

    answer = open_trajectory.sync_detailed(client=parties["provider"], body=facts[0])
    assert answer.status_code == 201, answer.content
    trajectory = answer.parsed.trajectory_id
    reports = {"provider": 1}
    tag = answer.headers["ETag"]
    for number, fact in enumerate(facts[1:], start=2):
        # The party whose fact it is reports it; the others are refused.
        for name, client in parties.items():
            answer = report_facts.sync_detailed(
                trajectory, client=client, body=fact, if_match=tag, idempotency_key=f"python-{trajectory}-{number}",
            )
            if answer.status_code not in (403, 404):
                reports[name] = reports.get(name, 0) + 1
                break
        assert answer.status_code == 201, (number, answer.content)
        assert answer.parsed.version == number
        tag = answer.headers["ETag"]
    assert set(reports) == set(NAMES), reports

    for name, client in parties.items():
        state = read_trajectory.sync(trajectory, client=client)
        assert state.version == len(facts), state
        timeline = read_timeline.sync(trajectory, client=client, limit=500)
        sight = [seen(item) for item in timeline.items]
        assert len(sight) == len(facts) and "whole" in sight
        assert ("withheld" in sight or "in part" in sight) == (name != "provider"), (name, sight)
        counts = ", ".join(f"{sight.count(how)} {how}" for how in ("whole", "in part", "withheld"))
        print(f"Python, {name}: {reports[name]} reported; {counts}")
    print(f"Python: {len(facts)} facts; the case is in phase {state.phase}")


main(*sys.argv[1:])
