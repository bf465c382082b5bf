"""A proxy between omklap and PostgreSQL that can cut, slow down and silence the connections through it."""

import socket
import threading
import time


class Proxy:
    """Forwards from its own port of loopback to another."""

    def __init__(self, to):
        self.to = to
        self.seconds = 0       # how long each piece waits before it is forwarded
        self.open = threading.Event()
        self.open.set()        # cleared: nothing is forwarded, and no connection is closed
        self.refuses = False   # whether new connections are closed at once
        self.pairs, self.lock = set(), threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.refuses:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.to), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = (near, far)
            with self.lock:
                self.pairs.add(pair)
            for source, target in (pair, pair[::-1]):
                threading.Thread(target=self.forward, args=(source, target, pair), daemon=True).start()

    def forward(self, source, target, pair):
        try:
            while piece := source.recv(65536):
                if self.seconds:
                    time.sleep(self.seconds)
                self.open.wait()
                target.sendall(piece)
        except OSError:
            pass
        self.close(pair)

    def close(self, pair):
        with self.lock:
            self.pairs.discard(pair)
        for one in pair:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def cut(self):
        """Closes every connection, whatever is on its way."""
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            self.close(pair)
        return len(pairs)

    def stop(self):
        """Takes no new connection and closes the others."""
        self.listener.close()
        self.open.set()
        self.cut()
