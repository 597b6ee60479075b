#!/usr/bin/python3
"""Pictures in questions: served by every edge from the moment the question opens, by a name that nobody can guess."""
import asyncio
import sys
import unittest
import urllib.error
import urllib.request

from harness import TRUSTING, Organizer, Resident, full_rules, running


def get(server, path):
    try:
        with urllib.request.urlopen(f"https://localhost:{server.port}{path}", context=TRUSTING) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class Pictures(unittest.TestCase):
    def test_picture_is_there_when_its_question_is_open_and_not_before(self):
        async def play():
            with running() as server:
                organizer = Organizer(server)
                await organizer.sign_in()
                with_picture, path = None, None
                for bank in (await organizer.do("banks"))["banks"]:
                    for question in (await organizer.do("bank", bank=bank["id"]))["questions"]:
                        if question["picture"]:
                            with_picture = question
                self.assertIsNotNone(with_picture, "the shipped banks have pictures")
                made = await organizer.do("round.create", title="图片题", unit="协会", questions=[with_picture["id"]],
                                          rules=full_rules())
                organizer.round = made["round"]
                await organizer.do("round.watch", round=organizer.round)
                await organizer.do("lease.take", round=organizer.round, force=True)
                self.assertEqual(get(server, "/picture/" + "0" * 64 + ".png")[0], 404)

                resident = Resident(server, f"{int(made['code']):06d}", 0)
                task = asyncio.create_task(resident.run())
                await resident.until(lambda r: r.participant)
                await organizer.do("round.start", round=organizer.round)
                await resident.until(lambda r: r.open)
                path = resident.question["picture"]
                self.assertRegex(path, r"^/picture/[0-9a-f]{64}\.(png|jpg|webp)$")
                self.assertTrue(resident.question["picture_alt"])
                for _ in range(40):  # whichever edge takes the connection, also one that has nobody of this round
                    status, headers, body = await asyncio.to_thread(get, server, path)
                    self.assertEqual(status, 200)
                    self.assertEqual(headers["content-type"], "image/png")
                    self.assertIn("immutable", headers["cache-control"])
                    self.assertEqual(headers["x-content-type-options"], "nosniff")
                    self.assertTrue(body.startswith(b"\x89PNG"))
                resident.is_over = True
                task.cancel()
                await organizer.close()
        asyncio.run(play())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)
