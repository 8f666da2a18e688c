"""The one-time link of the first run: `setup.token` in the archive's home, used once.

The shell writes the token when an archive is made and prints the link; who has the link makes the
first account of the county office. Until then nothing else answers.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from archive.models import Profile

FILE = "setup.token"


def is_open(home: Path, token: str) -> bool:
    """Whether `token` is the one waiting in the archive's home."""
    try:
        waiting = (home / FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return False
    return bool(waiting) and hmac.compare_digest(waiting.encode(), token.encode())


def use(home: Path, token: str, username: str, password: str) -> User | None:
    """Make the first county account and burn the link. None when another was quicker."""
    mine = home / f"{FILE}.{os.getpid()}.used"
    try:
        # A rename has one winner; a crash right after it leaves the token beside, to be put back.
        (home / FILE).rename(mine)
    except OSError:
        return None
    try:
        user = _make(username, password)
    except BaseException:
        mine.rename(home / FILE)
        raise
    mine.unlink()
    return user


@transaction.atomic
def _make(username: str, password: str) -> User:
    user = User.objects.create_user(username=username, password=password)
    Profile.objects.create(user=user, role=Profile.COUNTY)
    return user
