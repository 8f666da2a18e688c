"""LibreOffice, where a machine has it: for old and damaged files, and for pictures of first pages.

It parses foreign bytes in C++ that is not ours, so it runs as a process of its own under watch
(time, memory, disk), in a profile without macros, links and network, on copies under names of
ours. Nothing in the house needs it: without it such files have the error code that they had.
"""

from indexer.office.converting import Office
from indexer.office.formats import is_worth_trying, readable_through_office
from indexer.office.lane import OfficeLane
from indexer.office.soffice import find
from indexer.office.through import Given, read_through

__all__ = [
    "Given",
    "Office",
    "OfficeLane",
    "find",
    "is_worth_trying",
    "read_through",
    "readable_through_office",
]
