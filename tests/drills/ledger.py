"""A ledger of one PostgreSQL and one omklap server, in a folder of its own."""

import os

from programs import Programs, free_ports, wait


class Ledger(Programs):
    """The two programs."""

    # What PostgreSQL is told about its write-ahead log.
    wal_settings = {}

    def __init__(self, folder, omklap):
        super().__init__(folder, omklap)
        self.port = dict(zip(("postgres", "omklap"), free_ports(2)))
        self.disk = self.folder / "disk"

    @property
    def database_url(self):
        return f"postgres://postgres@127.0.0.1:{self.port['postgres']}/postgres"

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port['omklap']}"

    @property
    def data(self):
        return self.disk / "data"

    def start_all(self):
        """Makes the disk and the database, and starts the programs."""
        os.chmod(self.folder, 0o755)
        self.make_disk()
        self.give(self.disk)
        self.make_postgres(self.data)
        self.start_postgres()
        self.start_server()

    def make_disk(self):
        self.disk.mkdir()

    def start_postgres(self):
        self.run_postgres(self.data, {
            "port": self.port["postgres"], "unix_socket_directories": str(self.disk), "max_connections": 60,
            **self.wal_settings})

    def start_server(self):
        self.start("omklap", [self.omklap, "serve", "--listen", f"127.0.0.1:{self.port['omklap']}"],
                   environment=self.environment())

    def environment(self):
        """What the server is started with."""
        return self.settings()

    def sql(self, *statements, seconds=60):
        """Runs statements as the database's superuser."""
        return self.psql(self.port["postgres"], *statements, seconds=seconds)

    def is_running(self, name):
        return self.running[name].poll() is None

    def wait_until_whole(self):
        """Starts what has ended, as a service manager would, and waits until the server is ready."""
        if not self.is_running("postgres"):
            self.start_postgres()
        if not self.is_running("omklap"):
            self.start_server()
        wait("the server", lambda: self.is_ready(self.port["omklap"]), 120)
