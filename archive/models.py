"""The catalogue. Rows of records, versions and events are *derived*: `archive.catalogue` writes
them from the store's objects and `yanxiu rebuild` can do so again. Orders and arrivals under way
are work; users are local.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from archive.ids import uuid7


class Row(models.Model):
    """What every row carries: the county it belongs to (one by default)."""

    county_id = models.CharField(max_length=36, default="main")

    class Meta:
        abstract = True


class RegisterSnapshot(Row):
    """The register as it stood after one import; the highest `n` is in force."""

    n = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    data = models.JSONField()


class Record(Row):
    """One 件. Unit columns hold ids of the register; empty text means unknown."""

    FILED, REVIEW = "filed", "review"

    id = models.CharField(primary_key=True, max_length=36, default=uuid7)
    status = models.CharField(max_length=10, db_index=True)
    kind = models.CharField(max_length=40, null=True, db_index=True)
    unit_id = models.CharField(max_length=36, blank=True)
    school_id = models.CharField(max_length=36, blank=True, db_index=True)
    sender_id = models.CharField(max_length=36, blank=True)
    covers = models.JSONField(default=list)
    subjects = models.JSONField(default=list)
    school_year = models.CharField(max_length=9, blank=True, db_index=True)
    term = models.PositiveSmallIntegerField(null=True)
    month = models.CharField(max_length=7, blank=True, db_index=True)
    period_type = models.CharField(max_length=16, blank=True)
    period_start = models.DateField(null=True, db_index=True)
    period_end = models.DateField(null=True)
    period_label = models.CharField(max_length=80, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    test = models.CharField(max_length=80, blank=True)
    author = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=400, blank=True)
    date = models.CharField(max_length=10, blank=True)
    confidence = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    complete = models.BooleanField(default=True)
    blank = models.BooleanField(default=False)
    error = models.JSONField(null=True)
    near = models.JSONField(default=list)
    identity = models.CharField(max_length=400, null=True, db_index=True)
    #: What the rules made of it, also after a person corrected it: they will again.
    proposed_identity = models.CharField(max_length=400, null=True, db_index=True)
    head = models.PositiveIntegerField(default=1)
    received = models.DateTimeField(db_index=True)
    retention = models.CharField(max_length=4, blank=True)

    class Meta:
        ordering = ("-received", "-id")

    def __str__(self) -> str:
        return self.title or self.id


class Cover(Row):
    """A unit that a record speaks for (`Record.covers`), to be looked up by."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="covered")
    unit_id = models.CharField(max_length=36, db_index=True)


class Version(Row):
    """The n-th content of a record. `bands` of the sketch find near copies (archive.likeness)."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=400)
    logical = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    format = models.CharField(max_length=20, blank=True)
    reading = models.CharField(max_length=10)
    received = models.DateTimeField()
    arrival_id = models.CharField(max_length=36, blank=True)
    sketch = models.JSONField(default=list)
    band0 = models.BigIntegerField(null=True, db_index=True)
    band1 = models.BigIntegerField(null=True, db_index=True)
    band2 = models.BigIntegerField(null=True, db_index=True)
    band3 = models.BigIntegerField(null=True, db_index=True)
    #: Of a scan: waiting | done | failed (archive.recognition); empty for all others.
    recognition = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        ordering = ("record", "n")
        constraints = (models.UniqueConstraint(fields=("record", "n"), name="one_row_a_version"),)
        indexes = (
            # Few wait, and that is asked all the time.
            models.Index(
                fields=("recognition",),
                name="scans_waiting",
                condition=models.Q(recognition="waiting"),
            ),
        )


class Event(Row):
    """What happened, when and by whom; the truth is the events.jsonl of the store's objects."""

    id = models.CharField(primary_key=True, max_length=36, default=uuid7)
    record = models.ForeignKey(Record, models.CASCADE, null=True, related_name="events")
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=150)
    type = models.CharField(max_length=40, db_index=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)


class Arrival(Row):
    """One file on its way in: the row is the job. States go forward only (archive.ingest)."""

    id = models.CharField(primary_key=True, max_length=36, default=uuid7)
    source = models.CharField(max_length=10)
    inbox = models.CharField(max_length=100, blank=True, db_index=True)
    path = models.CharField(max_length=1000)
    member = models.CharField(max_length=1000, blank=True)
    bundle = models.ForeignKey("self", models.CASCADE, null=True, related_name="members")
    depth = models.PositiveSmallIntegerField(default=0)
    sender_id = models.CharField(max_length=36, blank=True)
    actor = models.CharField(max_length=150, blank=True)
    first_seen = models.DateTimeField()
    modified = models.DateTimeField(null=True)
    mtime_ns = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=10, db_index=True)
    worker = models.CharField(max_length=64, blank=True)
    decision = models.JSONField(null=True)
    outcome = models.CharField(max_length=12, blank=True, db_index=True)
    error = models.JSONField(null=True)
    record = models.ForeignKey(Record, models.SET_NULL, null=True, related_name="arrivals")
    version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=("inbox", "path", "mtime_ns", "size")),
            # Accounts count all rows by these three: from the index alone.
            models.Index(fields=("inbox", "source", "outcome"), name="arrival_account"),
        )


class Amendment(Row):
    """A change of a record under way to the store (archive.amend)."""

    id = models.CharField(primary_key=True, max_length=36)
    record_id = models.CharField(max_length=36)
    deposit = models.JSONField()


class Order(Row):
    """An order to the index: bring the entry of this record up to date (the outbox)."""

    record_id = models.CharField(max_length=36, db_index=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)


class IssuedForm(Row):
    """A form handed out, by its number; the truth is the journal object of its period. `at` and
    `actor` are of the first time, `mode` and `place` (the folder 待填 it was put in, "" for none)
    of the last."""

    number = models.CharField(primary_key=True, max_length=60)
    kind = models.CharField(max_length=40, db_index=True)
    unit_id = models.CharField(max_length=36, blank=True, db_index=True)
    subject = models.CharField(max_length=40, blank=True)
    period = models.JSONField(default=dict)
    mode = models.CharField(max_length=10)
    place = models.CharField(max_length=1000, blank=True, default="")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)


class IssuedCopy(Row):
    """The bytes of a form as handed out, so that an untouched copy is known by its sha256, and the
    values printed on it (archive.journal.copy_values): lists as rows in the order of columns."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    number = models.CharField(max_length=60, db_index=True)
    mode = models.CharField(max_length=10)
    values = models.JSONField(default=dict)


class Profile(models.Model):
    """What a user may do: `county` sees and does everything, `school` sees its own unit's files."""

    COUNTY, SCHOOL = "county", "school"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    county_id = models.CharField(max_length=36, default="main")
    role = models.CharField(
        max_length=10, choices=((COUNTY, "县教研室"), (SCHOOL, "学校")), default=SCHOOL
    )
    unit_id = models.CharField(max_length=36, blank=True)
    #: The password in force was made for the user and must be changed at the first sign-in.
    one_time = models.BooleanField(default=False)


class SavedSearch(models.Model):
    """A question that a user keeps, and which papers of its answer they know (web.saved). Like
    the accounts it is local: in backups, not in the store."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="searches")
    county_id = models.CharField(max_length=36, default="main")
    name = models.CharField(max_length=80)
    #: As it stands in the address of the search page, without the page's number.
    query = models.TextField()
    #: When its answer was last looked at, and `id@version` of what had lately come by then.
    seen = models.DateTimeField()
    known = models.JSONField(default=list)
    #: `id@version` of what was new then.
    fresh = models.JSONField(default=list)
    #: Of the feed's address; None: the feed is off.
    secret = models.CharField(max_length=64, null=True, unique=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("user", "name"), name="one_saved_search_a_name"),
        )

    def __str__(self) -> str:
        return self.name
