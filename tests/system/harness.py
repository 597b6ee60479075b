"""What the system tests stand on: a real server in a folder of its own, an organizer and residents over real TLS by
python3-websockets, a library that is not ours. Nothing here knows the server's inside but what a person could see: its
addresses, its process list, its data folder."""
import asyncio
import base64
import contextlib
import json
import os
import pathlib
import secrets
import signal
import socket
import ssl
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

import websockets

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("JINGDA", ROOT / "build/release/jingda"))

TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname = False
TRUSTING.verify_mode = ssl.CERT_NONE


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(folder):
    """A throw-away certificate, since the shipped script writes into certs/."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


class Server:
    """`jingda serve`, ready when the constructor returns."""

    def __init__(self, folder, *more, port=None, desk_port=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port, self.desk_port = port or free_port(), desk_port or free_port()
        if not (self.folder / "cert.pem").exists():
            certificate(self.folder)
        self.more = more
        self.first_token = None
        self.start()

    def start(self):
        self.output = open(self.folder / "output", "w+b")
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", self.folder / "data", "--port", str(self.port), "--desk-port", str(self.desk_port),
             "--cert", self.folder / "cert.pem", "--key", self.folder / "key.pem", "--web", ROOT / "web/dist",
             "--banks", ROOT / "questions", "--address", "127.0.0.1", "--host", "localhost", *self.more],
            stdout=self.output, stderr=self.log)
        deadline = time.monotonic() + 30
        while True:
            text = (self.folder / "output").read_text()
            if "\nready" in "\n" + text:
                break
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("the server did not start:\n" + text + self.log_text()[-3000:])
            time.sleep(0.02)
        if "#first=" in text:
            self.first_token = text.split("#first=")[1].split()[0]

    def log_text(self):
        return (self.folder / "log").read_text(errors="replace")

    def children(self):
        """{"core": pid, "edge 0": pid, ...} as /proc shows them."""
        found = {}
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                name = (entry / "cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError, IndexError):
                continue
            if parent == self.process.pid:
                found[role_of(name)] = int(entry.name)
        return found

    def kill(self, role):
        os.kill(self.children()[role], signal.SIGKILL)

    def kill_all(self):
        """The whole tree at one instant, as a power cut would."""
        pids = [self.process.pid, *self.children().values()]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        while any(is_running(pid) for pid in pids):
            time.sleep(0.01)
        self.output.close()
        self.log.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
        self.output.close()
        self.log.close()
        return self.process.returncode

    def rows(self, sql, *values):
        """Reads core.db as an auditor would: read-only, in a process that is not the core."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/data/core.db?mode=ro", uri=True, timeout=5)) as db:
            return db.execute(sql, values).fetchall()

    @property
    def url(self):
        return f"wss://localhost:{self.port}/play"

    @property
    def origin(self):
        return f"https://localhost:{self.port}"


def is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def role_of(arguments):
    """The role in a child's command line: "core", "desk", "edge 0"."""
    words = [word.decode(errors="replace") for word in arguments]
    role = next((word[5:] for word in words if word.startswith("role:")), words[0])
    index = next((word[6:] for word in words if word.startswith("index=")), "")
    return f"{role} {index}" if role == "edge" else role


@contextlib.contextmanager
def running(*more):
    with tempfile.TemporaryDirectory(prefix="jingda-") as folder:
        server = Server(folder, *more)
        try:
            yield server
        except BaseException:
            print(server.log_text()[-6000:])
            raise
        finally:
            if server.process.poll() is None:
                server.stop()


# ---- the organizer ----

def post(server, path, body, cookie=None):
    request = urllib.request.Request(
        f"https://localhost:{server.desk_port}{path}", json.dumps(body).encode(), method="POST",
        headers={"Content-Type": "application/json", "Origin": f"https://localhost:{server.desk_port}",
                 **({"Cookie": cookie} if cookie else {})})
    with urllib.request.urlopen(request, context=TRUSTING) as answer:
        return json.load(answer), (answer.headers.get("Set-Cookie") or "").split(";")[0]


PASSWORD = "一个够长的口令 2026"


class Organizer:
    """The desk, driven by frames."""

    def __init__(self, server):
        self.server, self.socket, self.ids, self.waiting, self.state = server, None, 0, {}, {}
        self.changed = asyncio.Event()

    async def sign_in(self):
        path, body = "/api/signin", {"name": "组织者", "password": PASSWORD}
        if self.server.first_token:
            path, body = "/api/first", {"token": self.server.first_token, **body}
            self.server.first_token = None
        _, self.cookie = await asyncio.to_thread(post, self.server, path, body)
        await self.connect()

    async def connect(self):
        self.socket = await websockets.connect(
            f"wss://localhost:{self.server.desk_port}/desk", ssl=TRUSTING, subprotocols=["jingda-desk.v1"],
            origin=f"https://localhost:{self.server.desk_port}", extra_headers={"Cookie": self.cookie}, max_size=None)
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in self.socket:
                frame = json.loads(text)
                if "id" in frame:
                    self.waiting.pop(frame["id"]).set_result(frame)
                elif frame.get("event") == "state":
                    self.state = {**self.state, **frame["state"]}  # what did not change may be left out
                    self.changed.set()
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(AssertionError(f"the desk closed the connection: {self.socket.close_code}"))

    async def ask(self, do, **fields):
        self.ids += 1
        future = self.waiting[self.ids] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"id": self.ids, "do": do, **fields}, ensure_ascii=False))
        return await asyncio.wait_for(future, 20)

    async def do(self, do, **fields):
        """Asks until it is done: a core that is away says so, and nothing was done."""
        for _ in range(40):
            answer = await self.ask(do, **fields)
            if answer["ok"]:
                return answer
            if answer["error"] != "core_away":
                raise AssertionError(f"{do}: {answer}")
            await asyncio.sleep(0.25)
        raise AssertionError(f"{do}: the core stayed away")

    async def until(self, condition, seconds=40):
        deadline = time.monotonic() + seconds
        while not condition(self.state):
            self.changed.clear()
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"the round did not get there: {brief(self.state)}")
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.changed.wait(), min(left, 1))

    async def open_round(self, questions=5, bank=0, **rules):
        banks = (await self.do("banks"))["banks"]
        listed = (await self.do("bank", bank=banks[bank]["id"]))["questions"]
        answer = await self.do("round.create", title="系统测试", unit="洪山区科学技术协会",
                               questions=[q["id"] for q in listed[:questions]], rules=full_rules(**rules))
        self.round, self.code = answer["round"], answer["code"]
        self.code = f"{int(self.code):06d}"
        self.state = (await self.do("round.watch", round=self.round))["state"]
        await self.do("lease.take", round=self.round, force=True)
        return self.code

    async def close(self):
        self.reader.cancel()
        await self.socket.close()


def full_rules(**changes):
    return {"limit_ms": 8000, "reading_ms": 0, "scoring": "accuracy", "points": 10, "multiple": "all", "shuffle": True,
            "names": "optional", "communities": ["武昌府社区", "东湖社区"], "rank_shown": "each", "distribution": "all",
            "auto": False, "explain_ms": 5000, **changes}


def brief(state):
    return {key: state.get(key) for key in ("phase", "asking", "people", "connected", "answered")}


# ---- residents ----

class Resident:
    """A client of docs/protocol.md that comes back by itself and sends again what was not acknowledged."""

    def __init__(self, server, code, number, name=None):
        self.server, self.code, self.number, self.name = server, code, number, name
        self.nonce = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        self.token = self.participant = self.socket = None
        self.receipts, self.refusals, self.frames = {}, [], []
        self.asking, self.choice, self.open, self.standing, self.phase = 0, None, None, None, None
        self.reconnects, self.is_over, self.waits = 0, False, []
        self.choose = lambda resident, question: 1
        self.answer_after = 0.0
        self.question = None

    async def run(self):
        while not self.is_over:
            try:
                async with websockets.connect(
                        self.server.url, ssl=TRUSTING, subprotocols=["jingda.v1"], origin=self.server.origin,
                        open_timeout=20, ping_interval=None, close_timeout=1) as self.socket:
                    await self.say(type="hello", round=self.code, **({"token": self.token} if self.token else {}))
                    async for text in self.socket:
                        await self.hear(json.loads(text))
            except (OSError, asyncio.TimeoutError, websockets.WebSocketException):
                pass
            self.reconnects += 1
            self.notify()
            await asyncio.sleep(0.2)

    async def say(self, **frame):
        with contextlib.suppress(websockets.ConnectionClosed):
            await self.socket.send(json.dumps(frame, ensure_ascii=False))

    async def hear(self, frame):
        self.frames.append(frame)
        kind = frame["type"]
        if kind == "round" and not self.token:
            await self.say(type="join", nonce=self.nonce, community=self.number % 2,
                           **({"name": self.name} if self.name else {}))
        elif kind == "joined":
            self.token, self.participant = frame["token"], frame["participant"]
        elif kind == "snapshot":
            self.phase, self.asking = frame["phase"], frame["asking"]
            self.question = frame.get("question", self.question)
            self.open = frame.get("open")
            if "answer" in frame:
                self.receipts[self.asking] = (frame["answer"]["choice"], frame["answer"]["receipt"]["code"])
            self.standing = frame.get("standing") or self.standing
            if self.phase == "ended":
                self.is_over = True
            if self.phase == "open":
                await self.answer()
        elif kind == "question":
            self.question, self.asking = frame, frame["asking"]
        elif kind == "open":
            self.open, self.phase = frame, "open"
            await self.answer()
        elif kind == "recorded":
            self.receipts[frame["asking"]] = (frame["choice"], frame["receipt"]["code"])
        elif kind == "refused":
            self.refusals.append((frame["verdict"], frame.get("asking")))
            if frame["verdict"] == "already_answered":
                self.receipts.setdefault(frame["asking"], (frame["choice"], frame["receipt"]["code"]))
            if frame["verdict"] == "try_again" and frame.get("asking"):
                asyncio.get_running_loop().call_later(0.3, lambda: asyncio.ensure_future(self.answer()))
        elif kind == "standing":
            self.standing = frame
        elif kind in ("closed", "revealed"):
            self.phase = kind
        elif kind == "ended":
            self.phase, self.is_over = "ended", True
        self.notify()

    async def answer(self):
        """Taps after `answer_after` seconds, once for each question, and again whenever it comes back unacknowledged."""
        asking = self.asking
        if asking in self.receipts or self.choose is None:
            return
        if self.choice is None or self.choice[0] != asking:
            self.choice = (asking, self.choose(self, self.question))
            reading = (self.open["reading_ms"] - self.open["elapsed_ms"]) / 1000 + 0.02 if self.open else 0
            await asyncio.sleep(max(0, reading) + self.answer_after)
        if self.choice[1] is not None:
            await self.say(type="answer", asking=asking, choice=self.choice[1])

    def notify(self):
        waits, self.waits = self.waits, []
        for future in waits:
            if not future.done():
                future.set_result(None)

    async def until(self, condition, seconds=30):
        deadline = time.monotonic() + seconds
        while not condition(self):
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"resident {self.number} did not get there: {self.phase} {self.asking} "
                                     f"{self.refusals[-3:]} {self.frames[-3:]}")
            future = asyncio.get_running_loop().create_future()
            self.waits.append(future)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(future, min(left, 1))


class Crowd:
    """Many residents at once."""

    def __init__(self, server, code, count):
        self.residents = [Resident(server, code, number) for number in range(count)]

    async def __aenter__(self):
        self.tasks = []
        for start in range(0, len(self.residents), 50):
            batch = self.residents[start:start + 50]
            self.tasks += [asyncio.create_task(resident.run()) for resident in batch]
            await asyncio.gather(*(resident.until(lambda r: r.participant is not None) for resident in batch))
        return self

    async def __aexit__(self, *problem):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def __iter__(self):
        return iter(self.residents)

    async def until(self, condition, seconds=40):
        await asyncio.gather(*(resident.until(condition, seconds) for resident in self.residents))


def check_receipts(test, server, round_number, residents):
    """Every receipt against core.db: there, once, the same choice; and nothing recorded that was never sent."""
    rows = server.rows("SELECT asking, participant, choice, count(*) FROM answer WHERE round = ? GROUP BY 1, 2", round_number)
    stored = {(asking, participant): choice for asking, participant, choice, _ in rows}
    test.assertTrue(all(count == 1 for *_, count in rows), "an answer stands twice")
    receipts = 0
    for resident in residents:
        for asking, (choice, _) in resident.receipts.items():
            receipts += 1
            test.assertEqual(stored.get((asking, resident.participant - 1)), choice,
                             f"resident {resident.number}, asking {asking}")
    return receipts
