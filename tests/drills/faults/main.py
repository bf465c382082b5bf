"""Faults of one server and its database: `main.py OMKLAP [--drills N] [--seed S]`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import drills
from exercise import main
from faulty_ledger import FaultyLedger

if __name__ == "__main__":
    sys.exit(main(FaultyLedger, drills.ALL, __doc__))
