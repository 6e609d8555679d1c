"""Tables of what a team tests: project, member, module, case, suite, edit, environment, functions, files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from hat.web.projects.columns import JsonText
from hat.web.projects.paths import MAX_PATH

NAME_LENGTH = 200
LABEL_LENGTH = 40


class Removable(models.Model):
    """A row that is deleted softly: `deleted_at` says when, restore clears it."""

    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Project(Removable):
    """What a team tests; owns everything below it."""

    name = models.CharField(max_length=NAME_LENGTH)
    description = models.TextField(blank=True)
    dialect = models.CharField(max_length=16, default="hat")
    auth = JsonText(default=dict)
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do, from least to most."""

    READER = "reader", "reads"
    RUNNER = "runner", "reads and runs"
    WRITER = "writer", "reads, runs and writes"
    OWNER = "owner", "everything, members too"


class Member(models.Model):
    """A user's role in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    edits_functions = models.BooleanField(default=True)  # counts for a writer; an owner always may
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["project", "user"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.role} of {self.project}"


class TargetRules(models.Model):
    """Where requests may go: of the installation in the row without project, of one project in its own."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, null=True, related_name="target_rules")
    private = models.BooleanField(default=True)  # this machine and private networks
    allow = JsonText(default=list)
    deny = JsonText(default=list)

    def __str__(self) -> str:
        return f"targets of {self.project or 'the installation'}"


class FunctionRules(models.Model):
    """How functions run: of the installation in the row without project, of one project in its own."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, null=True, related_name="function_rules"
    )
    agreed = models.BooleanField(default=False)  # they run even where the system cannot isolate them
    network = models.BooleanField(default=False)  # they may connect to where requests may go
    review = models.BooleanField(default=False)  # a change is used when somebody else approved it

    def __str__(self) -> str:
        return f"functions of {self.project or 'the installation'}"


class Module(Removable):
    """A named group of cases in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="modules")
    name = models.CharField(max_length=NAME_LENGTH)
    position = models.IntegerField(default=0)
    auth = JsonText(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Case(Removable):
    """A list of steps as one JSON document; `version` grows at each save of the document."""

    class Priority(models.TextChoices):
        NONE = "", "none"
        P0 = "P0", "P0"
        P1 = "P1", "P1"
        P2 = "P2", "P2"
        P3 = "P3", "P3"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="cases")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="cases")
    name = models.CharField(max_length=NAME_LENGTH)
    description = models.TextField(blank=True)
    priority = models.CharField(max_length=2, choices=Priority.choices, blank=True, default="")
    position = models.IntegerField(default=0)
    document = JsonText()
    version = models.IntegerField(default=1)
    # The file an import made it from; a second import of that file updates this case.
    file = models.CharField(max_length=500, blank=True)
    # Read from the document at each save, for lists.
    step_count = models.IntegerField(default=0)
    method = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="owned_cases"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [
            models.Index(fields=["project", "deleted_at", "module", "position"], name="case_in_project"),
            models.Index(fields=["project", "file"], name="case_of_file"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word on a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=50)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "name"], name="tag_once")]
        indexes: ClassVar = [models.Index(fields=["name"], name="tag_name")]

    def __str__(self) -> str:
        return self.name


class CaseRevision(models.Model):
    """A document of a case as it was saved; written once."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="revisions")
    version = models.IntegerField()
    name = models.CharField(max_length=NAME_LENGTH)
    document = JsonText()
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "version"], name="case_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Suite(Removable):
    """A named, ordered choice of cases of a project; what was deleted meanwhile stays in the list."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="suites")
    name = models.CharField(max_length=NAME_LENGTH)
    description = models.TextField(blank=True)
    # Ids in the order they run.
    cases = JsonText(default=list)
    # The file an import made it from; a second import of that file updates this suite.
    file = models.CharField(max_length=500, blank=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Edit(models.Model):
    """One change of many cases at once; `cases` says which and from which version to which, to undo it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="edits")
    change = JsonText()
    # Rows of case id, version before, version after.
    cases = JsonText(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["project", "-id"], name="edit_of_project")]

    def __str__(self) -> str:
        return f"edit {self.pk} of {len(self.cases)} cases"


class CaseView(models.Model):
    """How one person likes to see the cases of a project: filters saved under a name, chosen columns."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    filters = JsonText(default=list)
    columns = JsonText(null=True)  # None: those the page thinks useful

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["project", "user"], name="case_view_once")]

    def __str__(self) -> str:
        return f"cases of {self.project} as {self.user} sees them"


class CaseReference(models.Model):
    """A step of one case that calls another; kept at each save, read for "used by"."""

    caller = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="calls")
    called = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="called_by")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["caller", "called"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.caller_id} calls {self.called_id}"


class Environment(Removable):
    """A named base URL with variables and secrets; `secrets` holds ciphertext by name."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="environments")
    # What is not said here is taken from there.
    base = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="heirs")
    name = models.CharField(max_length=NAME_LENGTH)
    note = models.TextField(blank=True)
    base_url = models.CharField(max_length=2000, blank=True)
    services = JsonText(default=dict)
    variables = JsonText(default=dict)
    secrets = JsonText(default=dict)
    auth = JsonText(default=dict)
    verify = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    label = models.CharField(max_length=LABEL_LENGTH, blank=True)  # runs in it go to workers that have it
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Functions(models.Model):
    """The debugtalk.py of a project: text only, never run in the platform's own process."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="functions")
    source = models.TextField(blank=True)
    version = models.IntegerField(default=0)
    active = models.IntegerField(null=True)  # the version approved for runs; None: the one saved last
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"debugtalk.py of {self.project}"


class FunctionsRevision(models.Model):
    """A debugtalk.py as it was saved; written once, but for the verdict of a reviewer."""

    functions = models.ForeignKey(Functions, on_delete=models.CASCADE, related_name="revisions")
    version = models.IntegerField()
    source = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=8, blank=True)  # approved, rejected
    note = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["functions", "version"], name="functions_version_once")
        ]

    def __str__(self) -> str:
        return f"debugtalk.py v{self.version}"


class Content(models.Model):
    """The bytes of a file, kept once in a project by their hash; written once.

    `released_at` says since when no file has them: runs that began before may still need them.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="contents")
    digest = models.CharField(max_length=64)
    size = models.IntegerField()
    released_at = models.DateTimeField(null=True)
    # Last, because SQLite reads a row up to the last column asked for.
    raw = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "digest"], name="content_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class File(Removable):
    """A file beside debugtalk.py that cases and functions read; `version` grows at each change."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=MAX_PATH)
    content = models.ForeignKey(Content, on_delete=models.RESTRICT, related_name="files")
    size = models.IntegerField()
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["path", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "path"], condition=models.Q(deleted_at=None), name="file_once"
            ),
        ]

    def __str__(self) -> str:
        return self.path


def empty_document(name: str, *, dialect: str = "hat") -> dict[str, Any]:
    """The document of a case without steps."""
    return {"schema": 1, "dialect": dialect, "config": {"name": name}, "teststeps": []}
