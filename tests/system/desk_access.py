#!/usr/bin/python3
"""The desk's door, over real TLS: who gets in, who must wait, what a request must look like, and that one organizer's
trouble is nobody else's."""
import asyncio
import http.client
import json
import select
import sys
import threading
import time
import unittest

import websockets

from harness import PASSWORD, TRUSTING, Organizer, running

NAME = "组织者"


def ask(server, method, path, body=None, **headers):
    """(status, headers, object or bytes). A header set to None is left out."""
    connection = http.client.HTTPSConnection("localhost", server.desk_port, context=TRUSTING, timeout=20)
    wanted = {"Origin": f"https://localhost:{server.desk_port}", "Content-Type": "application/json"} if body is not None else {}
    wanted.update({name.replace("_", "-"): value for name, value in headers.items()})
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    connection.request(method, path, data, {name: value for name, value in wanted.items() if value is not None})
    answer = connection.getresponse()
    raw, got = answer.read(), dict(reversed(answer.getheaders()))  # of two of one name, the first
    connection.close()
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return answer.status, {name.lower(): value for name, value in got.items()}, json.loads(raw) if is_json else raw


def sign_in(server, password=PASSWORD, name=NAME, **headers):
    return ask(server, "POST", "/api/signin", {"name": name, "password": password}, **headers)


def cookie_of(headers):
    return headers["set-cookie"].split(";")[0]


def device_of(server, **headers):
    """The Set-Cookie line of a sign-in that marks the browser."""
    connection = http.client.HTTPSConnection("localhost", server.desk_port, context=TRUSTING, timeout=20)
    connection.request("POST", "/api/signin", json.dumps({"name": NAME, "password": PASSWORD}),
                       {"Origin": f"https://localhost:{server.desk_port}", "Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers.get_all("Set-Cookie")[1]


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = running("--edges", "1", "--residents", "500")
        cls.server = cls.context.__enter__()
        token = cls.server.first_token
        first = {"token": token, "name": NAME, "password": PASSWORD}
        cls.tries = [
            ("before", ask(cls.server, "GET", "/api/me")),
            ("bad_token", ask(cls.server, "POST", "/api/first", {**first, "token": token[:-1] + ("A" if token[-1] != "A" else "B")})),
            ("bad_name", ask(cls.server, "POST", "/api/first", {**first, "name": "字" * 33})),
            ("bad_name", ask(cls.server, "POST", "/api/first", {**first, "name": "a\u202eb"})),
            ("bad_password", ask(cls.server, "POST", "/api/first", {**first, "password": "1234567"})),
            ("bad_password", ask(cls.server, "POST", "/api/first", {**first, "password": "字" * 129})),
            ("made", ask(cls.server, "POST", "/api/first", first)),
            ("again", ask(cls.server, "POST", "/api/first", first)),
            ("after", ask(cls.server, "GET", "/api/me")),
        ]
        cls.server.first_token = None
        cls.cookie = cookie_of(cls.tries[6][1][1])

    @classmethod
    def tearDownClass(cls):
        cls.context.__exit__(None, None, None)

    def test_first_account_is_made_once_with_the_printed_token(self):
        said = {word: (status, body) for word, (status, _, body) in self.tries}
        self.assertEqual(said["before"], (200, {"ok": True, "account": None, "first": True}))
        for word, (status, _, body) in self.tries[1:6]:
            self.assertEqual((body["error"], status), (word, 403 if word == "bad_token" else 400))
        self.assertEqual(said["made"][0], 200)
        self.assertEqual(said["made"][1]["account"], {"name": NAME, "role": "organizer"})
        self.assertEqual((said["again"][0], said["again"][1]["error"]), (403, "bad_token"))
        self.assertFalse(said["after"][1]["first"])

    def test_cookie_can_be_read_by_no_script_and_goes_nowhere_else(self):
        _, headers, _ = sign_in(self.server)
        parts = [part.strip() for part in headers["set-cookie"].split(";")]
        self.assertRegex(parts[0], r"^__Host-desk=[A-Za-z0-9_-]{43}$")
        self.assertEqual(set(parts[1:]), {"Path=/", "HttpOnly", "Secure", "SameSite=Strict"})

    def test_session_says_who_one_is_until_it_is_ended(self):
        _, headers, body = sign_in(self.server)
        cookie = cookie_of(headers)
        self.assertEqual(body["account"]["name"], NAME)
        self.assertEqual(ask(self.server, "GET", "/api/me", Cookie=cookie)[2]["account"]["name"], NAME)
        status, gone, _ = ask(self.server, "POST", "/api/signout", {}, Cookie=cookie)
        self.assertEqual(status, 200)
        self.assertIn("Max-Age=0", gone["set-cookie"])
        self.assertIsNone(ask(self.server, "GET", "/api/me", Cookie=cookie)[2]["account"])

    def test_post_from_elsewhere_or_of_another_form_is_refused(self):
        for headers, status, error in [
            ({"Origin": "https://evil.example"}, 403, "bad_origin"),
            ({"Origin": f"http://localhost:{self.server.desk_port}"}, 403, "bad_origin"),
            ({"Origin": f"https://localhost:{self.server.port}"}, 403, "bad_origin"),
            ({"Origin": None}, 403, "bad_origin"),
            ({"Origin": "null"}, 403, "bad_origin"),
            ({"Sec_Fetch_Site": "cross-site"}, 403, "bad_origin"),
            ({"Sec_Fetch_Site": "same-site"}, 403, "bad_origin"),
            ({"Content_Type": "text/plain"}, 415, "bad_type"),
            ({"Content_Type": "application/x-www-form-urlencoded"}, 415, "bad_type"),
            ({"Content_Type": "application/jsonp"}, 415, "bad_type"),
            ({"Content_Type": None}, 415, "bad_type"),
        ]:
            with self.subTest(headers=headers):
                got, _, body = sign_in(self.server, **headers)
                self.assertEqual((got, body["error"]), (status, error))
        self.assertEqual(sign_in(self.server, Sec_Fetch_Site="same-origin", Content_Type="application/json; charset=utf-8")[0], 200)

    def test_body_that_is_no_object_is_refused(self):
        for body in (b"", b"{", b"[]", b"7", b'{"name":1,"name":2}', b"\xff"):
            with self.subTest(body=body):
                self.assertEqual(ask(self.server, "POST", "/api/signin", body)[0], 400)
        self.assertEqual(ask(self.server, "POST", "/api/signin", b" " * 4097)[0], 413)

    def test_wrong_passwords_wait_longer_each_time_and_by_name(self):
        name = "谁也不是"  # nobody's name waits like an account's, so nothing is learnt
        for _ in range(5):
            status, _, body = sign_in(self.server, "wrong password", name)
            self.assertEqual((status, body["error"]), (403, "wrong_password"))
        status, _, body = sign_in(self.server, "wrong password", name)
        self.assertEqual((status, body["error"], body["seconds"]), (429, "wait", 1))
        self.assertEqual(sign_in(self.server)[0], 200)

    def test_known_browser_is_told_by_a_cookie_of_its_own(self):
        parts = [part.strip() for part in device_of(self.server).split(";")]
        self.assertRegex(parts[0], r"^__Host-desk-device=[A-Za-z0-9_-]{43}[0-9a-f]{64}$")
        self.assertEqual(set(parts[1:]), {"Path=/", "Max-Age=31536000", "HttpOnly", "Secure", "SameSite=Strict"})
        again = device_of(self.server, Cookie=parts[0])
        self.assertEqual(again.split(";")[0], parts[0], "a known browser keeps it")
        other = device_of(self.server, Cookie=parts[0][:-1] + ("0" if parts[0][-1] != "0" else "1"))
        self.assertNotEqual(other.split(";")[0], parts[0])
        self.assertIsNone(ask(self.server, "GET", "/api/me", Cookie=parts[0])[2]["account"], "and is let in by nothing but a session")

    def test_wrong_tries_of_strangers_do_not_lock_out_a_known_browser(self):
        device = device_of(self.server).split(";")[0]
        wait = 0
        while wait < 4:  # long enough for a busy machine to ask in
            status, _, body = sign_in(self.server, "wrong password")
            self.assertIn(status, (403, 429))
            wait = body.get("seconds", 0)
        self.assertEqual(sign_in(self.server)[0], 429, "a stranger, who knows the password or not")
        self.assertEqual(sign_in(self.server, Cookie=device)[0], 200)
        tries = [sign_in(self.server, "wrong password", Cookie=device)[0] for _ in range(12)]
        self.assertEqual((tries[:5], 429 in tries), ([403] * 5, True), "its own tries are counted too")
        deadline = time.monotonic() + 30
        while (answer := sign_in(self.server))[0] == 429 and time.monotonic() < deadline:
            pass  # asking costs nothing
        self.assertEqual(answer[0], 200)

    def test_flood_of_invented_names_does_not_hold_up_a_known_browser(self):
        device = device_of(self.server).split(";")[0]
        stop, refused = threading.Event(), []

        def pour(number):
            tries = 0
            while not stop.is_set():
                tries += 1
                refused.append(sign_in(self.server, "wrong password", f"无名{number}-{tries}")[0])

        threads = [threading.Thread(target=pour, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        try:
            while 429 not in refused:  # the line of strangers is full
                self.assertTrue(any(thread.is_alive() for thread in threads))
            for _ in range(5):
                began = time.monotonic()
                self.assertEqual(sign_in(self.server, Cookie=device)[0], 200)
                self.assertLess(time.monotonic() - began, 5)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(set(refused), {403, 429})

    def test_password_does_not_hold_up_the_loop(self):
        """Eight passwords are being hashed, some 0.1 s each, when another asks: the answer comes before theirs."""
        def connect():
            connection = http.client.HTTPSConnection("localhost", self.server.desk_port, context=TRUSTING, timeout=20)
            connection.connect()
            return connection

        hashing, other = [connect() for _ in range(8)], connect()
        headers = {"Origin": f"https://localhost:{self.server.desk_port}", "Content-Type": "application/json"}
        for number, connection in enumerate(hashing):
            connection.request("POST", "/api/signin", json.dumps({"name": f"无名{number}", "password": "wrong password"}), headers)
        other.request("GET", "/healthz")
        self.assertEqual(other.getresponse().status, 200)
        answered, _, _ = select.select([connection.sock for connection in hashing], [], [], 0)
        self.assertLess(len(answered), 8)
        self.assertEqual({connection.getresponse().status for connection in hashing}, {403})
        for connection in [*hashing, other]:
            connection.close()

    def test_health_and_metrics_are_told_without_a_name_in_them(self):
        status, _, body = ask(self.server, "GET", "/healthz")
        self.assertEqual((status, body), (200, {"ok": True, "core": True}))
        status, headers, text = ask(self.server, "GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertTrue(headers["content-type"].startswith("text/plain;version=0.0.4"))
        lines = text.decode().splitlines()
        self.assertIn("jingda_core_up 1", lines)
        self.assertNotIn(NAME, text.decode())
        for line in lines:
            self.assertRegex(line, r"^(# (HELP|TYPE) jingda_\w+ .+|jingda_\w+ \d+)$")

    def test_picture_needs_a_session_and_an_exact_name(self):
        async def named():
            organizer = Organizer(self.server)
            organizer.cookie = self.cookie
            await organizer.connect()
            names = [question["picture"] for bank in (await organizer.do("banks"))["banks"]
                     for question in (await organizer.do("bank", bank=bank["id"]))["questions"] if question["picture"]]
            await organizer.close()
            return names

        names = asyncio.run(named())
        self.assertTrue(names)
        for name in names:
            self.assertRegex(name, r"^[0-9a-f]{64}\.(png|jpg|webp)$")
            status, headers, raw = ask(self.server, "GET", f"/picture/{name}", Cookie=self.cookie)
            self.assertEqual((status, headers["content-type"]), (200, "image/png"))
            self.assertEqual(raw[:4], b"\x89PNG")
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertEqual(ask(self.server, "GET", f"/picture/{name}")[0], 403)
        for name in ("..%2fdesk.db", "../desk.db", "x.png", names[0] + "x", "a" * 300, names[0].replace("png", "svg")):
            with self.subTest(name=name):
                self.assertIn(ask(self.server, "GET", f"/picture/{name}", Cookie=self.cookie)[0], (400, 403, 404))

    def test_pages_come_under_a_strict_policy(self):
        status, headers, _ = ask(self.server, "GET", "/")
        self.assertEqual(status, 200)
        policy = headers["content-security-policy"]
        self.assertTrue(policy.startswith("default-src 'self';"), policy)
        self.assertNotIn("unsafe", policy)
        self.assertIn("frame-ancestors 'none'", policy)


class Frames(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)
        self.context = running("--edges", "1", "--residents", "500")
        self.server = self.context.__enter__()
        self.organizer = Organizer(self.server)
        await self.organizer.sign_in()

    async def asyncTearDown(self):
        await self.organizer.close()
        self.context.__exit__(None, None, None)

    async def open(self, cookie=None, origin="own", subprotocols=("jingda-desk.v1",)):
        origin = f"https://localhost:{self.server.desk_port}" if origin == "own" else origin
        return await websockets.connect(
            f"wss://localhost:{self.server.desk_port}/desk", ssl=TRUSTING, subprotocols=subprotocols, origin=origin,
            extra_headers={"Cookie": cookie} if cookie else {}, max_size=None)

    async def assert_shut(self, **how):
        try:
            socket = await self.open(**how)
            await asyncio.wait_for(socket.wait_closed(), 10)
        except (websockets.InvalidStatusCode, websockets.InvalidHandshake, websockets.ConnectionClosed, OSError):
            return
        self.assertNotEqual(socket.close_code, 1000)

    async def test_socket_needs_cookie_origin_and_subprotocol(self):
        cookie = self.organizer.cookie
        for nobody in (None, "__Host-desk=" + "A" * 43):
            socket = await self.open(cookie=nobody)
            self.assertEqual(json.loads(await asyncio.wait_for(socket.recv(), 10)), {"event": "signed_out"})
            await asyncio.wait_for(socket.wait_closed(), 10)
            self.assertEqual(socket.close_code, 4001)
        await self.assert_shut(cookie=cookie, origin="https://evil.example")
        await self.assert_shut(cookie=cookie, origin=None)
        await self.assert_shut(cookie=cookie, subprotocols=("jingda.v1",))
        self.assertTrue((await self.organizer.ask("health"))["ok"])

    async def test_largest_request_is_read_and_a_larger_one_closes(self):
        socket = await self.open(cookie=self.organizer.cookie)
        frame = json.dumps({"id": 1, "do": "health", "filler": "x" * 65000})
        await socket.send(frame)
        self.assertTrue(json.loads(await asyncio.wait_for(socket.recv(), 10))["ok"])
        await socket.send(json.dumps({"id": 1, "do": "health", "filler": "x" * 66000}))
        await asyncio.wait_for(socket.wait_closed(), 10)
        self.assertIn(socket.close_code, (1009, 1006))  # the rest of the frame may be cut off before the code is read

    async def test_deeply_nested_request_is_refused(self):
        socket = await self.open(cookie=self.organizer.cookie)
        await socket.send('{"id":1,"do":"health","x":' + "[" * 30000 + "]" * 30000 + "}")
        self.assertEqual(json.loads(await asyncio.wait_for(socket.recv(), 10))["error"], "bad_request")

    async def test_signing_out_closes_the_pages_of_that_session_alone(self):
        other = Organizer(self.server)
        await other.sign_in()
        socket = await self.open(cookie=other.cookie)
        await asyncio.to_thread(ask, self.server, "POST", "/api/signout", {}, Cookie=other.cookie)
        self.assertEqual(json.loads(await asyncio.wait_for(socket.recv(), 10)), {"event": "signed_out"})
        await asyncio.wait_for(socket.wait_closed(), 10)
        self.assertTrue((await self.organizer.ask("health"))["ok"])
        await other.close()

    async def test_two_organizers_pass_the_lease_and_a_reload_keeps_it(self):
        code = await self.organizer.open_round(questions=2)
        self.assertEqual(len(code), 6)
        number = self.organizer.round
        other = Organizer(self.server)
        await other.sign_in()
        told = other.state = (await other.do("round.watch", round=number))["state"]
        self.assertFalse(told["lease"]["mine"])
        self.assertEqual(len(told["watchers"]), 2)
        refused = await other.ask("round.start", round=number)
        self.assertEqual(refused["error"], "lease_needed")
        refused = await other.ask("lease.take", round=number)
        self.assertEqual((refused["error"], refused["holder"]), ("lease_held", NAME))

        await self.organizer.socket.close()  # the page is reloaded
        self.assertEqual((await other.ask("lease.take", round=number))["error"], "lease_held")
        await self.organizer.connect()
        told = (await self.organizer.do("round.watch", round=number))["state"]
        self.assertTrue(told["lease"]["mine"])
        await self.organizer.do("round.start", round=number)

        await self.organizer.do("lease.give", round=number, to=next(w["id"] for w in told["watchers"] if not w["mine"]))
        await other.until(lambda state: state["lease"]["mine"])
        await other.do("round.close", round=number)
        self.assertEqual((await self.organizer.ask("round.reveal", round=number))["error"], "lease_needed")
        await other.until(lambda state: state["phase"] == "closed")
        await other.do("round.reveal", round=number)
        await other.do("round.end", round=number)
        await other.close()

    async def watchers(self):
        text = (await asyncio.to_thread(ask, self.server, "GET", "/metrics"))[2].decode()
        return int(text.split("\njingda_desk_watchers ")[1].split()[0])

    async def test_page_that_reads_nothing_is_dropped_and_keeps_nobody_waiting(self):
        await self.organizer.open_round(questions=2)
        slow = await self.open(cookie=self.organizer.cookie)
        self.assertEqual(await self.watchers(), 2)
        slow.transport.pause_reading()
        for number in range(250):  # each answer has some 20 KB
            await slow.send(json.dumps({"id": number, "do": "bank", "bank": 1}))
        began = time.monotonic()
        self.assertTrue((await self.organizer.ask("rounds"))["ok"])
        self.assertLess(time.monotonic() - began, 2)
        while await self.watchers() > 1:
            self.assertLess(time.monotonic() - began, 30)
            self.assertTrue((await self.organizer.ask("health"))["ok"])
            await asyncio.sleep(0.2)  # a person's pace: faster is refused by itself
        slow.transport.abort()

    async def test_desk_killed_in_a_round_comes_back_with_everybody(self):
        await self.organizer.open_round(questions=2)
        number = self.organizer.round
        await self.organizer.do("round.start", round=number)
        self.server.kill("desk")
        for _ in range(100):
            try:
                await self.organizer.connect()  # the session outlives the process
                break
            except (OSError, websockets.WebSocketException):
                await asyncio.sleep(0.1)
        told = (await self.organizer.do("round.watch", round=number))["state"]
        self.assertEqual((told["phase"], told["asking"]), ("open", 1))
        await self.organizer.do("lease.take", round=number)
        await self.organizer.do("round.close", round=number)
        await self.organizer.until(lambda state: state["phase"] == "closed")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)
