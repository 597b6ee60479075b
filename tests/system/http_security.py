#!/usr/bin/python3
"""What a stranger may try on the public port and the desk's: each is refused, and an honest client next to it does not
notice. The holes of libwebsockets 4.1.6 that design and server/http/ name are all here."""
import os
import signal
import ssl
import sys
import tempfile
import threading
import time
import unittest

from harness import Server, certificate
from raw import BINARY, CONTINUATION, PING, PONG, Raw, trusting

PER_ADDRESS = 40
CLOSED = None  # a status that never came: the connection was ended


class Security(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="jingda-")
        cls.server = Server(cls.folder.name, "--edges", "1", "--per-address", str(PER_ADDRESS))
        cls.port, cls.desk = cls.server.port, cls.server.desk_port
        cls.children = cls.server.children()
        cls.honest = Raw(cls.port)
        assert cls.honest.upgrade() == 101

    @classmethod
    def tearDownClass(cls):
        cls.honest.tls.close()
        assert cls.server.stop() == 0
        cls.folder.cleanup()

    def tearDown(self):
        """The honest one is still served, at once, by the same processes."""
        began = time.monotonic()
        self.honest.say('{"type":"ping"}')
        self.assertEqual(self.answer(self.honest), b'{"type":"pong"}')
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual(self.server.children(), self.children)

    def raw(self, port=None, **named):
        connection = Raw(port or self.port, **named)
        self.addCleanup(connection.tls.close)
        return connection

    def socket(self):
        connection = self.raw()
        self.assertEqual(connection.upgrade(), 101)
        return connection

    @staticmethod
    def answer(connection):
        """The next text that is not a beat."""
        while True:
            heard = connection.hear()
            if heard is None or b'"beat"' not in heard[1]:
                return heard and heard[1]

    # ---- upgrades ----

    def test_unknown_upgrade_on_a_kept_connection_is_refused(self):
        for _ in range(20):
            connection = self.raw()
            self.assertEqual(connection.request()[0], 200)
            self.assertNotEqual(connection.upgrade(upgrade="foobar"), 101)
            self.assertIsNotNone(connection.seconds_until_closed(6))

    def test_unknown_upgrade_on_a_new_connection_is_refused(self):
        for value in ("foobar", "", "websocke", "websocketx", "x" * 300, "websocket, h2c"):
            self.assertNotEqual(self.raw().upgrade(upgrade=value), 101)

    def test_h2c_is_refused(self):
        settings = [("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA")]
        connection = self.raw()
        self.assertEqual(connection.request()[0], 200)
        status = connection.upgrade(upgrade="h2c", headers=settings)
        self.assertNotEqual(status, 101)
        self.assertNotIn(b"Switching", connection.read)

    def test_http2_without_asking_is_refused(self):
        connection = self.raw()
        connection.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
        self.assertIsNotNone(connection.seconds_until_closed(12))
        self.assertFalse(connection.read.startswith(b"\0\0"), connection.read)

    def test_http2_is_not_negotiated(self):
        context = trusting()
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.assertEqual(self.raw(context=context).tls.selected_alpn_protocol(), "http/1.1")

    def test_origins_that_are_not_ours_are_refused(self):
        own = f"https://localhost:{self.port}"
        for origin in ("https://evil.example", "null", f"http://localhost:{self.port}", own + ".evil.example", own + "0",
                       "https://localhost", "https://" + "x" * 400):
            self.assertEqual(self.raw().upgrade(origin=origin), 403, origin)
        self.assertEqual(self.raw().upgrade(origin=None), 101, "a program that is no browser")
        self.assertEqual(self.raw().upgrade(origin=f"https://127.0.0.1:{self.port}"), 101)

    def test_the_desk_wants_an_origin(self):
        for origin in (None, "https://evil.example"):
            status = self.raw(self.desk).upgrade(path="/desk", origin=origin, subprotocol="jingda-desk.v1")
            self.assertEqual(status, 403)

    def test_subprotocol_must_be_ours(self):
        for subprotocol in (None, "other", "jingda.v", "jingda.v10", "-"):
            self.assertEqual(self.raw().upgrade(subprotocol=subprotocol), 400, subprotocol)
        connection = self.raw()
        self.assertEqual(connection.upgrade(subprotocol="other, jingda.v1"), 101)
        self.assertEqual(connection.upgrade_headers["sec-websocket-protocol"], "jingda.v1")

    def test_only_the_right_path_and_version_open_a_websocket(self):
        for path in ("/", "/desk", "/play/", "/playx", "/healthz", "/../play2"):
            self.assertEqual(self.raw().upgrade(path=path), 404, path)
        self.assertEqual(self.raw().upgrade(version="8"), 426)

    def test_compression_is_not_negotiated(self):
        connection = self.raw()
        self.assertEqual(connection.upgrade(headers=[("Sec-WebSocket-Extensions", "permessage-deflate")]), 101)
        self.assertNotIn("sec-websocket-extensions", connection.upgrade_headers)

    # ---- frames ----

    def test_a_message_of_the_limit_passes_and_one_more_byte_does_not(self):
        connection = self.socket()
        connection.say('{"type":"ping"}'.ljust(1024))
        self.assertEqual(self.answer(connection), b'{"type":"pong"}')
        connection.say("x" * 1025)
        self.assertEqual(connection.close_code(), 1009)

    def test_an_announced_giant_is_closed_before_it_comes(self):
        for announced in (1 << 20, 1 << 40):
            connection = self.socket()
            connection.say("x" * 300, announced=announced)
            self.assertEqual(connection.close_code(), 1009)

    def test_fragments_that_add_up_past_the_limit_are_closed(self):
        connection = self.socket()
        connection.say("x" * 500, final=False)
        connection.say("x" * 500, opcode=CONTINUATION, final=False)
        connection.say("x" * 25, opcode=CONTINUATION)
        self.assertEqual(connection.close_code(), 1009)

    def test_honest_fragments_are_put_together(self):
        connection = self.socket()
        for i, part in enumerate(['{"ty', 'pe":"', 'ping', '"}']):
            connection.say(part, opcode=CONTINUATION if i else 1, final=i == 3)
        self.assertEqual(self.answer(connection), b'{"type":"pong"}')

    def test_a_flood_of_fragments_is_ended(self):
        for payload in ("", "x"):
            connection = self.socket()
            connection.say(payload, final=False)
            for _ in range(300):
                if not connection.say(payload, opcode=CONTINUATION, final=False):
                    break
            self.assertIn(connection.close_code(), (1008, 0))

    def edge_seconds(self):
        """Processor time of the edge."""
        with open(f"/proc/{self.children['edge 0']}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def assert_cut_at_once(self, frames):
        """At the cost of what sockets hold, and no more: a few megabytes, not hundreds."""
        connection, before, sent = self.socket(), self.edge_seconds(), 0
        while sent < 64 << 20 and connection.send(frames):
            sent += len(frames)
        self.assertLess(sent, 32 << 20, "it was cut")
        self.assertLess(self.edge_seconds() - before, 1)

    def test_a_flood_of_pings_is_cut_at_once(self):
        self.assert_cut_at_once(Raw.frame(None, b"x", opcode=PING) * 2000)

    def test_a_flood_that_the_library_swallows_is_cut_at_once(self):
        self.assert_cut_at_once(Raw.frame(None, b"", opcode=PONG) * 2000)

    def test_a_flood_after_a_close_is_cut_at_once(self):
        connection = self.socket()
        connection.say(b"x", opcode=BINARY)
        sent, frames = 0, connection.frame(b"", opcode=PONG) * 2000
        while sent < 64 << 20 and connection.send(frames):
            sent += len(frames)
        self.assertLess(sent, 32 << 20)

    def test_honest_messages_of_the_largest_size_are_no_flood(self):
        connection = self.socket()
        for _ in range(20):
            connection.say('{"type":"ping"}'.ljust(1024))
        for _ in range(20):
            self.assertEqual(self.answer(connection), b'{"type":"pong"}')

    def test_a_few_pings_are_answered(self):
        connection = self.socket()
        for i in range(10):
            connection.say(b"%d" % i, opcode=PING)
            self.assertEqual(connection.hear(), (PONG, b"%d" % i))

    def test_a_flood_of_pongs_is_ended(self):
        connection = self.socket()
        for _ in range(300):
            if not connection.say(b"x", opcode=PONG):
                break
        self.assertIn(connection.close_code(), (1008, 0))

    def test_a_flood_of_messages_is_ended(self):
        connection = self.socket()
        for _ in range(300):
            if not connection.say('{"type":"ping"}'):
                break
        self.assertNotEqual(connection.close_code(), None)

    def test_text_that_is_not_utf8_is_closed(self):
        for bad in (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4\xb8"):
            connection = self.socket()
            connection.say(bad)
            self.assertEqual(connection.close_code(), 1007, bad)

    def test_a_character_may_be_cut_by_fragments(self):
        connection = self.socket()
        connection.say("中".encode()[:1], final=False)
        connection.say("中".encode()[1:], opcode=CONTINUATION)
        self.assertIn(b"bad_frame", self.answer(connection), "valid text, only not a frame of ours")

    def test_binary_messages_are_closed(self):
        connection = self.socket()
        connection.say('{"type":"ping"}', opcode=BINARY)
        self.assertEqual(self.answer(connection), b"\x03\xeb", "1003, and no pong")

    def test_frames_that_break_the_protocol_are_closed(self):
        for named in ({"opcode": 3}, {"opcode": 11}, {"reserved": 4}, {"reserved": 1}, {"opcode": CONTINUATION},
                      {"opcode": PING, "final": False}):
            connection = self.socket()
            connection.say("x", **named)
            self.assertIn(connection.close_code(), (1002, 0), named)

    def test_an_unmasked_frame_harms_nobody(self):
        """libwebsockets 4.1.6 reads it and tells nobody that it was not masked. Masks protect proxies, not servers."""
        connection = self.socket()
        connection.say('{"type":"ping"}', masked=False)
        self.assertIn(self.answer(connection), (b'{"type":"pong"}', None))

    # ---- requests ----

    def test_paths_lead_nowhere_but_to_the_table(self):
        for path in ("/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/..%2f..%2fetc/passwd", "/a/../../etc/passwd",
                     "/index.html", "/play/index.html", "/public.table", "/desk.table", "/a/", "/a", "/picture/", "/picture/../healthz/x",
                     "/picture/x.png", "/healthz%00", "/nothing"):
            status, _, body = self.raw().request(path)
            self.assertIn(status, (404, 403, CLOSED), path)
            self.assertNotIn(b"root:", body)

    def test_methods(self):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "POST"):
            connection = self.raw()
            self.assertEqual(connection.request("/", method, [("Content-Length", "0")])[0], 405, method)
            self.assertIsNotNone(connection.seconds_until_closed(3), "a refused request ends its connection")
        for method in ("CONNECT", "TRACE", "PROPFIND", "FOO", "G" * 500):
            self.assertIn(self.raw().request("/", method)[0], (CLOSED, 400, 403, 405), method)

    def test_head_is_get_without_the_body(self):
        connection = self.raw()
        status, headers, _ = connection.request("/", "HEAD")
        self.assertEqual(status, 200)
        self.assertGreater(int(headers["content-length"]), 100)
        self.assertEqual(connection.request("/healthz")[2], b"ok\n", "and no stray body stands before the next answer")

    def test_transfer_encoding_is_refused(self):
        for port, path in ((self.port, "/healthz"), (self.desk, "/api/signin")):
            for method in ("GET", "POST"):
                status, _, _ = self.raw(port).request(path, method, [("Transfer-Encoding", "chunked")], b"5\r\nhello\r\n0\r\n\r\n")
                self.assertIn(status, (411, 405, CLOSED))

    def test_blanks_before_the_colon_disguise_no_body(self):
        for port, path in ((self.port, "/healthz"), (self.desk, "/api/signin")):
            for name in ("Transfer-Encoding ", "transfer-encoding\t", "Transfer-Encoding \t ", "Content-Length ", "Content-Length" + 16 * " "):
                connection = self.raw(port)
                inner = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
                connection.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{name}: chunked\r\n\r\n".encode() + inner)
                self.assertIn(connection.response()[0], (400, CLOSED), name)
                self.assertEqual(connection.response()[0], CLOSED, name)

    def test_a_body_is_not_taken_for_a_request(self):
        connection = self.raw()
        inner = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        status, _, _ = connection.request("/healthz", "POST", [("Content-Length", str(len(inner)))], inner)
        self.assertEqual(status, 405)
        self.assertIn(connection.response()[0], (CLOSED,))
        connection = self.raw()
        self.assertEqual(connection.request("/healthz", "GET", [("Content-Length", str(len(inner)))], inner)[0], 400)
        self.assertIn(connection.response()[0], (CLOSED,))

    def test_bodies_past_the_limit_are_refused_before_they_come(self):
        for length in ("100000000", "99999999999999999999", "-1", "1x", "0x10"):
            status, _, _ = self.raw(self.desk).request("/api/signin", "POST", [("Content-Length", length)])
            self.assertIn(status, (413, CLOSED), length)
        self.assertEqual(self.raw(self.desk).request("/api/signin", "POST")[0], 411)

    def test_giant_headers_are_refused(self):
        for headers in ([("X", "y" * 20000)], [(f"X{i}", "y" * 50) for i in range(500)], [("Cookie", "c" * 5000)]):
            self.assertIn(self.raw().request("/healthz", headers=headers)[0], (CLOSED, 400, 431))

    def test_requests_sent_ahead_are_answered_in_order(self):
        connection = self.raw()
        one = "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        connection.send(one.format("/healthz") + one.format("/") + one.format("/healthz"))
        bodies = [connection.response()[2] for _ in range(3)]
        self.assertEqual((bodies[0], bodies[2]), (b"ok\n", b"ok\n"))
        self.assertIn(b"<html", bodies[1])

    def test_one_who_asks_for_ever_and_reads_nothing_is_cut(self):
        connection = self.raw()
        path = self.script()
        wanted = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 2000
        connection.tls.settimeout(0.5)
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            try:
                connection.tls.send(wanted)
            except TimeoutError:
                continue
            except OSError:
                return
        self.fail("it was still being listened to")

    def script(self):
        _, _, page = self.raw().request("/")
        return page.decode().split('src="')[1].split('"')[0]

    def test_answers_carry_the_rules_for_browsers(self):
        for path, status in (("/", 200), ("/nothing", 404), ("/healthz", 200)):
            got, headers, _ = self.raw().request(path)
            self.assertEqual(got, status)
            self.assertIn("default-src 'self'", headers["content-security-policy"])
            self.assertIn("frame-ancestors 'none'", headers["content-security-policy"])
            self.assertNotIn("unsafe", headers["content-security-policy"])
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertEqual(headers["referrer-policy"], "no-referrer")
            self.assertNotIn("strict-transport-security", headers)

    def test_pages_are_cached_as_they_may_be(self):
        connection = self.raw()
        _, page, _ = connection.request("/", headers=[("Accept-Encoding", "gzip, br")])
        self.assertEqual((page["cache-control"], page["content-encoding"]), ("no-cache", "br"))
        status, _, body = connection.request("/", headers=[("If-None-Match", page["etag"])])
        self.assertEqual((status, body), (304, b""))
        _, script, body = connection.request(self.script(), headers=[("Accept-Encoding", "br;q=0, gzip")])
        self.assertIn("immutable", script["cache-control"])
        self.assertEqual((script["content-encoding"], body[:2]), ("gzip", b"\x1f\x8b"))
        _, plain, _ = connection.request(self.script())
        self.assertNotIn("content-encoding", plain)

    # ---- connections ----

    def test_too_many_of_one_address_are_refused_and_others_are_not(self):
        held = []
        try:
            for _ in range(PER_ADDRESS + 5):
                held.append(Raw(self.port, source="127.0.0.2"))
        except OSError:
            pass
        self.assertEqual(len(held), PER_ADDRESS)
        self.assertEqual(self.raw(source="127.0.0.3").request()[0], 200)
        for connection in held:
            connection.tls.close()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                self.assertEqual(self.raw(source="127.0.0.2").request()[0], 200)
                return
            except OSError:
                pass
        self.fail("places that were left stay taken")

    def test_dripping_headers_bodies_and_handshakes_end(self):
        """All at once, since each takes as long as its deadline."""
        results = {}

        def drip(name, connection, first, limit):
            connection.send(first)
            began = time.monotonic()
            while time.monotonic() - began < limit:
                if not connection.send(b"x") or connection.more(0.4) == b"":
                    break
            results[name] = time.monotonic() - began

        def silent(name, limit):
            import socket
            plain = socket.create_connection(("127.0.0.1", self.port))
            plain.settimeout(limit)
            began = time.monotonic()
            try:
                plain.recv(1)
            except OSError:
                pass
            results[name] = time.monotonic() - began
            plain.close()

        idle = self.raw()
        self.assertEqual(idle.request()[0], 200)
        body = b"POST /api/signin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        work = [threading.Thread(target=drip, args=("headers", self.raw(), b"GET / HTTP/1.1\r\nX: ", 20)),
                threading.Thread(target=drip, args=("body", self.raw(self.desk), body, 20)),
                threading.Thread(target=silent, args=("handshake", 30)),
                threading.Thread(target=lambda: results.update(idle=idle.seconds_until_closed(15)))]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
        self.assertLess(results["idle"], 7)
        self.assertTrue(8 < results["headers"] < 14, results)
        self.assertTrue(8 < results["body"] < 14, results)
        self.assertTrue(18 < results["handshake"] < 24, results)

    # ---- TLS ----

    def test_only_tls_1_2_with_aead_and_1_3_are_spoken(self):
        for lowest, ciphers, works in ((ssl.TLSVersion.TLSv1_3, None, True), (ssl.TLSVersion.TLSv1_2, "ECDHE+AESGCM", True),
                                       (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0", False),
                                       (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", False), (ssl.TLSVersion.TLSv1, "ALL:@SECLEVEL=0", False)):
            context = trusting()
            context.minimum_version = context.maximum_version = lowest
            if ciphers:
                context.set_ciphers(ciphers)
            try:
                version = self.raw(context=context).tls.version()
            except OSError:
                version = None
            self.assertEqual(version is not None, works, (lowest, ciphers))

    def test_aes_128_gcm_comes_first(self):
        self.assertEqual(self.raw().tls.cipher()[0], "TLS_AES_128_GCM_SHA256")

    def test_a_connection_resumes_with_the_one_ticket(self):
        context = trusting()
        first = self.raw(context=context)
        self.assertEqual(first.request()[0], 200)
        again = self.raw(context=context, session=first.tls.session)
        self.assertTrue(again.tls.session_reused)
        self.assertEqual(again.request()[0], 200)

    def test_a_new_certificate_is_taken_and_nobody_is_dropped(self):
        def served():
            return self.raw().tls.getpeercert(binary_form=True)

        before = served()
        cert, key = certificate(self.server.folder)
        new = ssl.PEM_cert_to_DER_cert(cert.read_text())
        self.server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 5
        while served() == before and time.monotonic() < deadline:
            pass
        self.assertEqual(served(), new)

        key.write_text("not a key")
        self.server.process.send_signal(signal.SIGHUP)
        while "the old certificate stays" not in self.server.log_text() and time.monotonic() < deadline + 5:
            pass
        self.assertIn("the old certificate stays", self.server.log_text())
        self.assertEqual(served(), new)

    @unittest.skipUnless(os.geteuid() == 0, "only root can give the edges another user")
    def test_an_edge_cannot_read_the_data_folder(self):
        pid = self.children["edge 0"]
        with open(f"/proc/{pid}/status") as status:
            lines = dict(line.split(":\t", 1) for line in status.read().splitlines() if ":\t" in line)
        self.assertNotIn("0", lines["Uid"].split())
        self.assertNotIn("0", lines["Gid"].split())
        self.assertEqual(lines["CapEff"].strip("0"), "")
        self.assertEqual(os.stat(self.server.folder / "data").st_mode & 0o077, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)
