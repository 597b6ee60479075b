"""A client that may be as rude as it likes: bytes over TLS, requests and WebSocket frames written by hand, on nothing but
the standard library."""
import base64
import os
import socket
import ssl
import struct
import time

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Raw:
    """One TLS connection. Ends of connections come out as b"" and None, never as exceptions."""

    def __init__(self, port, context=None, source=None, session=None, timeout=8):
        plain = socket.create_connection(("127.0.0.1", port), timeout=timeout, source_address=(source, 0) if source else None)
        try:
            self.tls = (context or trusting()).wrap_socket(plain, server_hostname="localhost", session=session)
        except BaseException:
            plain.close()
            raise
        self.port = port
        self.read = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tls.close()

    def send(self, data):
        """False where the other end is gone."""
        try:
            self.tls.sendall(data if isinstance(data, bytes) else data.encode())
            return True
        except OSError:
            return False

    def more(self, seconds=8):
        """Reads once. b"" at the end of the connection, None where nothing came in time."""
        self.tls.settimeout(seconds)
        try:
            data = self.tls.recv(65536)
        except TimeoutError:
            return None
        except OSError:
            data = b""
        self.read += data
        return data

    def seconds_until_closed(self, limit):
        """How long the other end keeps the connection; None where it keeps it longer than `limit`."""
        began = time.monotonic()
        while time.monotonic() - began < limit:
            if self.more(limit - (time.monotonic() - began)) == b"":
                return time.monotonic() - began
        return None

    # ---- HTTP ----

    def request(self, path="/healthz", method="GET", headers=(), body=b""):
        self.send(f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
                  + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n")
        if body:
            self.send(body)
        return self.response(method)

    def response(self, method="GET"):
        """(status, {header: value}, body); (None, {}, b"") where the connection ended first."""
        while b"\r\n\r\n" not in self.read:
            if not self.more():
                return None, {}, b""
        head, self.read = self.read.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
        size = 0 if method == "HEAD" or lines[0].split()[1] in ("101", "304") else int(headers.get("content-length", 0))
        while len(self.read) < size:
            if not self.more():
                break
        body, self.read = self.read[:size], self.read[size:]
        return int(lines[0].split()[1]), headers, body

    # ---- WebSocket ----

    def upgrade(self, path="/play", origin="own", subprotocol="jingda.v1", upgrade="websocket", version="13", headers=()):
        """The status of the answer; 101 where it is a WebSocket now."""
        fields = [("Upgrade", upgrade), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", version),
                  ("Sec-WebSocket-Key", base64.b64encode(os.urandom(16)).decode())]
        if origin:
            fields.append(("Origin", f"https://localhost:{self.port}" if origin == "own" else origin))
        if subprotocol:
            fields.append(("Sec-WebSocket-Protocol", subprotocol))
        status, self.upgrade_headers, _ = self.request(path, headers=[*fields, *headers])
        return status

    def frame(self, payload=b"", opcode=TEXT, final=True, masked=True, reserved=0, announced=None):
        payload = payload if isinstance(payload, bytes) else payload.encode()
        size = len(payload) if announced is None else announced
        head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
        bit = 0x80 if masked else 0
        if size < 126:
            head += bytes([bit | size])
        elif size < 65536:
            head += bytes([bit | 126]) + struct.pack(">H", size)
        else:
            head += bytes([bit | 127]) + struct.pack(">Q", size)
        if not masked:
            return head + payload
        mask = os.urandom(4)
        return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))

    def say(self, *arguments, **named):
        return self.send(self.frame(*arguments, **named))

    def hear(self, seconds=8):
        """(opcode, payload) of the next frame; None at the end, or where none came in time."""
        while True:
            if len(self.read) >= 2:
                size, start = self.read[1] & 0x7F, 2
                if size == 126 and len(self.read) >= 4:
                    size, start = struct.unpack(">H", self.read[2:4])[0], 4
                if size < 126 or start == 4:
                    if len(self.read) >= start + size:
                        opcode, payload = self.read[0] & 15, self.read[start:start + size]
                        self.read = self.read[start + size:]
                        return opcode, payload
            if not self.more(seconds):
                return None

    def close_code(self, seconds=8):
        """The code of the close that comes; 0 where the connection ends without one, None where it goes on."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            heard = self.hear(max(0.1, deadline - time.monotonic()))
            if heard and heard[0] == CLOSE:
                return struct.unpack(">H", heard[1][:2])[0] if len(heard[1]) >= 2 else 0
            if heard is None:
                return 0 if self.more(0.1) == b"" else None
        return None
