"""The ledger under test: one PostgreSQL on a small disk of its own, a proxy before it, one omklap server."""

import os
import signal
import subprocess
from pathlib import Path

from programs import Programs, free_ports, wait
from proxy import Proxy

# Room for the data of a run and for a few segments of the log, so that it is filled at once.
DISK = "400m"
# The library of Debian's package `faketime`: with it the server reads its clock from a file.
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


class Ledger(Programs):
    """The programs, the proxy and the disk."""

    # Little of the write-ahead log, for the small disk.
    wal_settings = {"max_wal_size": "64MB", "min_wal_size": "32MB"}

    def __init__(self, folder, omklap):
        super().__init__(folder, omklap)
        self.port = dict(zip(("postgres", "omklap"), free_ports(2)))
        self.proxy = Proxy(self.port["postgres"])
        self.disk = self.folder / "disk"
        self.is_mounted = False
        self.clock = self.folder / "clock"

    @property
    def database_url(self):
        return f"postgres://postgres@127.0.0.1:{self.proxy.port}/postgres"

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port['omklap']}"

    def start_all(self):
        """Makes the disk and the database, and starts the programs."""
        os.chmod(self.folder, 0o755)
        self.make_disk()
        self.give(self.disk)
        self.set_clock(0)
        self.make_postgres(self.data)
        self.start_postgres()
        self.start_server()

    def make_disk(self):
        """A small one, if this user may mount one."""
        self.disk.mkdir()
        if os.geteuid() == 0:
            mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(self.disk)]
            self.is_mounted = subprocess.run(mount, capture_output=True).returncode == 0

    @property
    def data(self):
        return self.disk / "data"

    def start_postgres(self):
        self.run_postgres(self.data, {
            "port": self.port["postgres"], "unix_socket_directories": str(self.disk), "max_connections": 60,
            **self.wal_settings})

    def start_server(self):
        self.start("omklap", [self.omklap, "serve", "--listen", f"127.0.0.1:{self.port['omklap']}"],
                   environment=self.environment())

    def environment(self):
        """What the server is started with: its settings, and the clock that can be moved."""
        environment = self.settings()
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

    def sql(self, *statements, seconds=60):
        """Runs statements as the database's superuser, past the proxy."""
        return self.psql(self.port["postgres"], *statements, seconds=seconds)

    def is_running(self, name):
        return self.running[name].poll() is None

    def crash_postgres(self):
        """kill -9 of every process of PostgreSQL at once, as if the machine lost its power."""
        self.send("postgres", signal.SIGKILL)
        self.running["postgres"].wait(10)

    def wait_until_whole(self):
        """Starts what has ended, as a service manager would, and waits until the server is ready."""
        if not self.is_running("postgres"):
            self.start_postgres()
        if not self.is_running("omklap"):
            self.start_server()
        wait("the server", lambda: self.is_ready(self.port["omklap"]), 120)

    def stop_all(self):
        super().stop_all()
        self.proxy.stop()
        if self.is_mounted:
            subprocess.run(["umount", str(self.disk)], check=False)
