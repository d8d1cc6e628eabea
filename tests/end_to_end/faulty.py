# SPDX-License-Identifier: Apache-2.0
"""A server that breaks its promises at the level of the connection, where nginx would not."""
import socket
import struct
import threading


class FaultyServer:
    """Answers every request with `head` and `body`, then ends the connection, resets it (reset), or says nothing
    more (hang)."""

    def __init__(self, head, body=b"", hang=False, reset=False):
        self.head, self.body, self.hang, self.reset = head, body, hang, reset
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open, self.served = [], 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(10)
            try:
                connection.recv(65536)
                connection.sendall(self.head + self.body)
                self.served += 1
            except OSError:
                pass
            if self.hang:
                self.open.append(connection)
                continue
            if self.reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"

    def stop(self):
        self.listener.close()
        for connection in self.open:
            connection.close()
