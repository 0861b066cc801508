"""The lock that keeps a chDB folder with one process: two at once would tear it.

A lock of the kernel (flock) on a file in the folder, so a process that is killed leaves nothing to clean up. The file
tells who holds it, for the message only.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

LOCK_NAME = ".stepwell-owner"


class FolderTaken(RuntimeError):
    """Another process owns the folder; `owner` is its process id, where it is known."""

    def __init__(self, path: Path, owner: str) -> None:
        who = f"process {owner}" if owner else "another process"
        super().__init__(
            f"{path} belongs to {who}: a chDB folder can be opened by one process at a time. "
            "Stop that one, connect to its HTTP port instead, or give another folder."
        )
        self.path = path
        self.owner = owner


def own(path: Path) -> int:
    """Make the folder ours until this process ends; the answer is the open lock file, to be kept open.

    Raises: FolderTaken.
    """
    path.mkdir(parents=True, exist_ok=True)
    lock = os.open(path / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(lock, 32).decode(errors="replace").strip()
        os.close(lock)
        raise FolderTaken(path, owner) from None
    os.truncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock
