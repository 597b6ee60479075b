#!/usr/bin/python3
"""What the public port serves besides frames: the pages, where residents find the server, whether it is well."""
import sys
import unittest
import urllib.request

from harness import TRUSTING, running


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = running()
        cls.server = cls.context.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.context.__exit__(None, None, None)

    def get(self, path):
        with urllib.request.urlopen(f"https://localhost:{self.server.port}{path}", context=TRUSTING) as answer:
            return answer.headers, answer.read().decode()

    def test_pages_are_there_and_not_cached(self):
        for path, title in (("/", "竞答"), ("/screen", "竞答")):
            headers, text = self.get(path)
            self.assertIn(title, text)
            self.assertNotIn("<script>", text, "no inline script")
            self.assertEqual(headers["cache-control"], "no-cache")
            self.assertIn("'self'", headers["content-security-policy"])

    def test_address_is_the_one_that_was_printed(self):
        headers, text = self.get("/address")
        self.assertEqual(text, self.server.origin)
        self.assertTrue(headers["content-type"].startswith("text/plain"))

    def test_health_is_told(self):
        self.assertEqual(self.get("/healthz")[1], "ok\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)
