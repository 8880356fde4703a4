"""A course of hundreds opens thousands of descriptors, and many systems begin with a limit of 1024."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOW = """
import resource
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
from builder.web.descriptors import WANTED, raise_limit
most = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
assert raise_limit() == most == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256
assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == hard
"""


def test_a_low_limit_is_raised_to_what_the_system_allows() -> None:
    ended = subprocess.run([sys.executable, "-c", LOW], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
