"""Processor time and memory of processes, as Linux tells them."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.service import resident_mb

__all__ = ["resident_mb", "worked"]


def worked(process_id: int | None) -> float:
    """Seconds of processor time that a process has had; 0 when it is unknown which."""
    if process_id is None:
        return 0.0
    text = Path(f"/proc/{process_id}/stat").read_text("utf-8", "replace")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
