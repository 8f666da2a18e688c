"""The door: folders are watched, settled files are offered to the ingest, receipts go back.

`names` what is no submission, `folders` the scan, `endings` and `settle` when a file is complete,
`watcher` the rounds, `clearing` what happens to the originals, `receipts` the answer.
"""
