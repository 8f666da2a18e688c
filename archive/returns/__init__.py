"""Forms that come back: which one it is, for whom it was issued, and what was written in it.

form = returned(reading, kinds, register)     None for a paper without a form number
form.issued.unit, form.read.answer("学校"), form.read.rows("活动")
"""

from archive.returns.considering import Returned, filed_as, returned
from archive.returns.findings import as_read
from archive.returns.identity import Issued, Recognised, recognise
from archive.returns.reading_back import read_back
from archive.returns.telling import facts, in_words
from archive.returns.untouched import is_untouched
from archive.returns.values import Answer, Return, Rows

__all__ = [
    "Answer",
    "Issued",
    "Recognised",
    "Return",
    "Returned",
    "Rows",
    "as_read",
    "facts",
    "filed_as",
    "in_words",
    "is_untouched",
    "read_back",
    "recognise",
    "returned",
]
