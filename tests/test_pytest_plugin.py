"""Recordings as tests of pytest's own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECORDING = """\
title: A greeting
now: 2026-11-23T09:00+07:00
office: jakarta_pusat
contact: {sender: '6281200000001'}
turns:
  - user: Pagi
    bot:
      - contains: privasi
      - contains: {words}
"""


def test_each_recording_is_a_test(tmp_path: Path) -> None:
    """Files of the folder are collected; what differs is told with file and line, no traceback."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    for name, words in (("right", "Cara mendaftar"), ("wrong", "Cara memasak")):
        (folder / f"{name}.yml").write_text(RECORDING.replace("{words}", words))
    (tmp_path / "else.yml").write_text("not: a recording\n")
    settings = f"[pytest]\nantre_recordings = recorded\nantre_config = {ROOT / 'config.yml'}\n"
    (tmp_path / "pytest.ini").write_text(settings)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "bot.pytest_plugin", "-p", "no:cacheprovider", "-q"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert 'recorded/wrong.yml:9:9: the answer to "Pagi" differs' in done.stdout
    assert "Cara memasak" in done.stdout
    assert "Traceback" not in done.stdout
