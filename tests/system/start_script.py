#!/usr/bin/python3
"""./start's packages: what is missing is named, asked for, and installed with --yes. dpkg-query and apt-get are stand-ins
here, so that nothing of this machine changes."""
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

from harness import ROOT

EX_USAGE, EX_UNAVAILABLE = 64, 69

# As dpkg-query does, it prints what it knows and fails because it does not know all that was asked for.
DPKG_QUERY = """#!/bin/bash
for word in "$@"; do
  case $word in -*|*'{'*) ;; libcmocka-dev) ;; *) echo "installed $word" ;; esac
done
exit 1
"""
APT_GET = """#!/bin/bash
echo "$@" >>"$APT_LOG"
"""


class StartScript(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="jingda-"))
        for name, text in (("dpkg-query", DPKG_QUERY), ("apt-get", APT_GET), ("sudo", "#!/bin/bash\nexec \"$@\"\n")):
            path = self.folder / name
            path.write_text(text)
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        self.log = self.folder / "apt.log"

    def tearDown(self):
        subprocess.run(["rm", "-rf", self.folder], check=True)

    def start(self, *words):
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "APT_LOG": str(self.log)}
        return subprocess.run([ROOT / "start", *words], capture_output=True, text=True, timeout=60, env=environment,
                              stdin=subprocess.DEVNULL)

    def test_yes_installs_what_is_missing(self):
        done = self.start("--install-only", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("libcmocka-dev", self.log.read_text())

    def test_without_yes_and_nobody_to_ask_it_names_what_is_missing_and_stops(self):
        done = self.start("--install-only")
        self.assertEqual(done.returncode, EX_UNAVAILABLE)
        self.assertIn("libcmocka-dev", done.stderr)
        self.assertFalse(self.log.exists())

    def test_help_needs_nothing(self):
        done = self.start("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--yes", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:], verbosity=2)
