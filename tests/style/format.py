#!/usr/bin/env python3
"""Every C file is as clang-format (version 14, .clang-format) leaves it."""
import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Format(unittest.TestCase):
    def test_every_c_file_is_formatted(self):
        program = shutil.which("clang-format-14")
        self.assertIsNotNone(program, "clang-format-14 is missing: ./check installs it")
        paths = sorted(str(path) for folder in ("server", "tests") for path in (ROOT / folder).rglob("*.[ch]"))
        done = subprocess.run([program, "--dry-run", "--Werror", *paths], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[:4000])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
