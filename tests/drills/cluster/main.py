"""Drills on a cluster: `main.py OMKLAP [--drills N] [--seed S]`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import drills
from cluster import Cluster
from exercise import main

if __name__ == "__main__":
    sys.exit(main(Cluster, drills.ALL, __doc__))
