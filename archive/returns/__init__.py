"""Forms that come back: which one it is, for whom, and what was written in it."""

from archive.returns.reading_back import read_back
from archive.returns.values import Answer, Return, Rows

__all__ = ["Answer", "Return", "Rows", "read_back"]
