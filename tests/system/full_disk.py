#!/usr/bin/python3
"""The disk fills up in mid-question: what is not recorded is refused clearly, what was acknowledged stays, and once there
is room again the same server goes on without a restart. Needs root for a small file system of its own (tmpfs)."""
import asyncio
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from harness import Crowd, Organizer, Server, check_receipts

CLIENTS = 20
SIZE = "24m"


class SmallDisk:
    """A folder whose data/ is a file system of SIZE."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jingda-"))
        self.data = self.folder / "data"
        self.data.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "jingda-test", self.data], check=True)
        return self

    def __exit__(self, *problem):
        subprocess.run(["umount", self.data], check=True)
        subprocess.run(["rm", "-rf", self.folder], check=True)

    def fill(self):
        with open(self.data / "filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"x" * 65536)
            except OSError:
                pass
            try:
                while True:
                    filler.write(b"x")
            except OSError:
                pass

    def make_room(self):
        (self.data / "filler").unlink()


async def play(test, disk):
    server = Server(disk.folder)
    organizer = Organizer(server)
    await organizer.sign_in()
    code = await organizer.open_round(questions=2, limit_ms=60000)
    async with Crowd(server, code, CLIENTS) as crowd:
        early, late = crowd.residents[:CLIENTS // 2], crowd.residents[CLIENTS // 2:]
        for resident in late:
            resident.answer_after = 3
        await organizer.do("round.start", round=organizer.round)
        await asyncio.gather(*(resident.until(lambda r: 1 in r.receipts) for resident in early))
        disk.fill()
        await asyncio.gather(*(resident.until(lambda r: ("try_again", 1) in r.refusals) for resident in late))
        test.assertFalse([r for r in late if 1 in r.receipts], "nothing is acknowledged that is not on the disk")
        test.assertEqual(check_receipts(test, server, organizer.round, early), CLIENTS // 2)
        pid = server.children()["core"]
        disk.make_room()
        await crowd.until(lambda r: 1 in r.receipts)
        test.assertEqual(server.children()["core"], pid, "no restart was needed")
        test.assertEqual(check_receipts(test, server, organizer.round, crowd), CLIENTS)
    await organizer.close()
    test.assertEqual(server.stop(), 0)


class FullDisk(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0, "mounting a small file system needs root")
    def test_full_disk_refuses_loses_nothing_and_goes_on_when_there_is_room(self):
        with SmallDisk() as disk:
            asyncio.run(play(self, disk))

    @unittest.skipUnless(os.geteuid() == 0, "mounting a small file system needs root")
    def test_disk_that_is_full_at_the_start_is_said_in_one_line(self):
        with SmallDisk() as disk:
            disk.fill()
            with self.assertRaises(AssertionError) as refused:
                Server(disk.folder)
            lines = [line for line in str(refused.exception).splitlines() if line.startswith("jingda: ")]
            self.assertEqual(len(lines), 1, str(refused.exception))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)
