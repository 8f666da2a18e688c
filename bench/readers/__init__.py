"""Our readers beside others, on the same files, with the same two workers, in turn.

`expected.jsonl` tells what stands in the real sample files; `papers` makes papers of which every
word is known; `peers` runs the others, `ours` our own; `contest` puts them side by side.
"""
