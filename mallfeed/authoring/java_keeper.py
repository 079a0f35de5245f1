"""Keeps a Java for the next commands: holds its standard input, at whose end it ends, until nobody has used it for a while.

    python -I java_keeper.py FOLDER FILE_DESCRIPTOR SECONDS

A script of its own that imports nothing of ours: it stays in memory beside Java. `mallfeed.authoring.kept_java`
starts it and describes FOLDER.
"""

import fcntl
import os
import select
import sys
import time

GATEWAY, LOCK = "gateway.json", "lock"


def keep(folder: str, held: int, seconds: float) -> None:
    """Return when the gateway was not used for so many seconds, its folder is gone, or Java has ended by itself.

    `held` is the end of Java's standard input that is written to: without a reader it is broken.
    """
    java = select.poll()
    java.register(held, 0)
    while (left := _left(folder, seconds)) > 0:
        if java.poll(min(left, 5.0) * 1000):
            return


def _left(folder: str, seconds: float) -> float:
    """Seconds until Java may end; 0 = now, and nobody can borrow it any more."""
    gateway = os.path.join(folder, GATEWAY)  # noqa: PTH118 - pathlib would be most of what it imports
    try:
        used = os.stat(gateway).st_mtime  # noqa: PTH116
        with open(os.path.join(folder, LOCK)) as lock:  # noqa: PTH118, PTH123
            left = used + seconds - time.time()
            if left > 0:
                return left
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(gateway)  # noqa: PTH108
            return 0.0
    except BlockingIOError:
        return seconds
    except FileNotFoundError:
        return 0.0


if __name__ == "__main__":
    keep(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
