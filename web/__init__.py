"""The counter: server-rendered pages and a small JSON API over the archive."""
