"""The reader: foreign bytes in, a `Reading` out; and the search engines over what was read.

A library of its own: no Django and no other room of the house.
"""
