"""Drills on a cluster: `main.py OMKLAP [--drills N] [--seed S] [--only RUN] [--earlier PROGRAM]`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import drills
import lossy
import pooled
import restore
from cluster import Cluster
from exercise import Exercise, in_a_folder, words_of


def on_a_cluster(cluster, asked):
    """The drills; an upgrade is one of them if there is an earlier program."""
    upgrade = (drills.rolling_upgrade,) if asked.earlier else ()
    return Exercise(cluster, upgrade + drills.ALL, asked).run()


# Each run has programs of its own.
RUNS = {
    "drills": (Cluster, on_a_cluster),
    "pgbouncer": (pooled.Pooled, pooled.run),
    "restore": (restore.BackedUp, restore.run),
    "asynchronous": (lossy.Lossy, lossy.run),
}


def main():
    words = words_of(__doc__, drills.ALL)
    words.add_argument("--only", choices=RUNS, help="one of the runs; all of them if not given")
    words.add_argument("--earlier", help="an earlier omklap, with which both servers begin; one drill upgrades them")
    asked = words.parse_args()
    failed = 0
    for name in [asked.only] if asked.only else RUNS:
        print(f"\n## {name}", flush=True)
        programs, run = RUNS[name]
        settings = {"earlier": asked.earlier} if programs is Cluster else {}
        failed |= in_a_folder(lambda folder: programs(folder, asked.omklap, **settings),
                              lambda under_test: run(under_test, asked))
    return failed


if __name__ == "__main__":
    sys.exit(main())
