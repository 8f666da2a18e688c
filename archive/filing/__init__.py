"""Filing: which kind, school, subject, period and author a document has, each with its evidence."""

from archive.filing.blank import is_blank_form
from archive.filing.decision import BAR, propose
from archive.filing.identity import identity_key
from archive.filing.values import Clues, Evidence, Filing

__all__ = ["BAR", "Clues", "Evidence", "Filing", "identity_key", "is_blank_form", "propose"]
