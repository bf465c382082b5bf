"""The ledger under test: its PostgreSQL on a disk of its own, a proxy before it, and a clock that can be moved."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from ledger import Ledger
from proxy import Proxy

# Room for the data of the longest run. It takes memory, but only what is written.
DISK = "8g"
# What is left of it when it gets full: a few segments of the log, so that it is filled at once.
LEFT = 100 << 20
# The library of Debian's package `faketime`: with it the server reads its clock from a file.
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


class FaultyLedger(Ledger):
    """A ledger with what faults need."""

    # Little of the write-ahead log, for a disk that gets full.
    wal_settings = {"max_wal_size": "64MB", "min_wal_size": "32MB"}

    def __init__(self, folder, omklap):
        super().__init__(folder, omklap)
        self.proxy = Proxy(self.port["postgres"])
        self.is_mounted = False
        self.clock = self.folder / "clock"

    @property
    def database_url(self):
        return f"postgres://postgres@127.0.0.1:{self.proxy.port}/postgres"

    def start_all(self):
        self.set_clock(0)
        super().start_all()

    def make_disk(self):
        """One of its own, if this user may mount one."""
        super().make_disk()
        if os.geteuid() == 0:
            self.is_mounted = self.mount("-t", "tmpfs", "-o", f"size={DISK}")

    def mount(self, *options):
        """Whether it was mounted so."""
        return subprocess.run(["mount", *options, "tmpfs", str(self.disk)], capture_output=True).returncode == 0

    def make_disk_small(self):
        """Until `make_disk_large`."""
        return self.mount("-o", f"remount,size={shutil.disk_usage(self.disk).used + LEFT}")

    def make_disk_large(self):
        return self.mount("-o", f"remount,size={DISK}")

    def environment(self):
        """What the server is started with: its settings, and the clock that can be moved."""
        environment = super().environment()
        if Path(FAKETIME).exists():
            environment |= {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(self.clock),
                            "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        return environment

    def set_clock(self, seconds):
        """Moves the server's clock this far ahead of the machine's."""
        # Written beside and renamed: the server must not read half of it.
        beside = self.clock.with_suffix(".new")
        beside.write_text(f"{seconds:+}\n")
        beside.rename(self.clock)

    def crash_postgres(self):
        """kill -9 of every process of PostgreSQL at once, as if the machine lost its power."""
        self.send("postgres", signal.SIGKILL)
        self.running["postgres"].wait(10)

    def stop_all(self):
        super().stop_all()
        self.proxy.stop()
        if self.is_mounted:
            subprocess.run(["umount", str(self.disk)], check=False)
