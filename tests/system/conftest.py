"""The fixtures of whole archives (tests/system/archives.py, tests/system/in_process.py)."""

from archives import archive, founded, serve
from in_process import database, house, inbox, ingest, reception

__all__ = ["archive", "database", "founded", "house", "inbox", "ingest", "reception", "serve"]
