"""A whole case by three parties and their matching point through the generated Python client, read back by each of them.

    case.py URL STORY PROVIDER CORPORATION MUNICIPALITY MATCHING-POINT

The last four are a token for each.
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

NAMES = ("provider", "corporation", "municipality", "matching point")


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
    reports, sight = {"provider": 1}, {}
    tag = answer.headers["ETag"]
    for number, fact in enumerate(facts[1:], start=2):
        # The party whose fact it is reports it, and reads the case; the others are refused.
        for name, client in parties.items():
            answer = report_facts.sync_detailed(
                trajectory, client=client, body=fact, if_match=tag, idempotency_key=f"python-{trajectory}-{number}",
            )
            if answer.status_code in (403, 404):
                continue
            reports[name] = reports.get(name, 0) + 1
            timeline = read_timeline.sync_detailed(trajectory, client=client, limit=500)
            # A fact that ends the case may end the access of its reporter.
            if timeline.status_code == 200:
                sight[name] = [seen(item) for item in timeline.parsed.items]
            break
        assert answer.status_code == 201, (number, answer.content)
        assert answer.parsed.version == number
        tag = answer.headers["ETag"]
    assert set(reports) == set(NAMES), reports
    for name in NAMES:
        counts = {how: sight[name].count(how) for how in ("whole", "in part", "withheld")}
        assert counts["whole"] > 0 and (counts["whole"] == len(sight[name])) == (name == "provider"), (name, counts)
        print(f"Python, {name}: {reports[name]} reported; " + ", ".join(f"{many} {how}" for how, many in counts.items()))
    state = read_trajectory.sync(trajectory, client=parties["provider"])
    assert state.version == len(facts), state
    print(f"Python: {len(facts)} facts; the case is in phase {state.phase}")


main(*sys.argv[1:])
