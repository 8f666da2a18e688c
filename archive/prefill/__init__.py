"""What the house knows before anyone writes: values for the sources that kinds name.

`source` of a field, a section or a list in a kind file is one of the names in `SINGLES`, `TEXTS`
and `LISTS` (docs/KINDS.md tells them to the county). What is not known stays blank. The catalogue
is asked once for a batch, never once for a form.
"""

from archive.prefill.facts import LISTS, SINGLES, TEXTS, Facts, known_source

__all__ = ["LISTS", "SINGLES", "TEXTS", "Facts", "known_source"]
