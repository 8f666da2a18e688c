"""The one-time setup link: made with an archive, printed by `serve`, spent by the first account."""

from __future__ import annotations

import os
import secrets

from archive.house import House
from archive.models import Profile
from web.setup_link import FILE


def setup_link(house: House, address: str) -> str | None:
    """The link, or None once the county office has an account. `address` ends with a slash."""
    if Profile.objects.filter(role=Profile.COUNTY).exists():
        return None
    path = house.home / FILE
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(24))
    return f"{address}setup/{path.read_text('ascii').strip()}"
