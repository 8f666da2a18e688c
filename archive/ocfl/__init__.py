"""The store: an OCFL 1.1 storage root, sha512, Chinese names kept (https://ocfl.io/1.1/spec/).

`layout` where things stand, `inventory` the value, `workspace` unfinished work, `store` the
verbs, `recovery` what a kill leaves, `verification` fixity.
"""

from archive.durable import StoreError
from archive.ocfl.layout import logical_name
from archive.ocfl.store import Draft, Store, VersionInfo
from archive.ocfl.verification import Fault

__all__ = ["Draft", "Fault", "Store", "StoreError", "VersionInfo", "logical_name"]
