"""Tables of people: user, identity, token, open sessions, invitations, and what slows down guessing."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Users(BaseUserManager["User"]):
    """How users are made; the password is hashed here."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(username, password, is_admin=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in; an administrator also runs the installation."""

    class Language(models.TextChoices):
        BROWSER = "", "as the browser"
        ENGLISH = "en", "English"
        CHINESE = "zh", "中文"

    class Theme(models.TextChoices):
        SYSTEM = "system", "as the system"
        LIGHT = "light", "light"
        DARK = "dark", "dark"

    class Grid(models.TextChoices):
        ROWS = "rows", "rows"
        TEXT = "text", "text"

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=8, choices=Language.choices, blank=True, default=Language.BROWSER)
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    grid = models.CharField(max_length=8, choices=Grid.choices, default=Grid.ROWS)
    is_admin = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"

    # Set while a request comes with a token: what it may do is then the lesser of person and token.
    token: Token | None = None

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="user_username_any_case"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def has_password(self) -> bool:
        """Whether there is a password at all; who comes by a provider has none."""
        return self.has_usable_password()

    @property
    def display_name(self) -> str:
        return self.name or self.username


class Identity(models.Model):
    """Who a user is to somebody else who vouches for them: an OpenID provider, or a directory.

    `subject` is what never changes there; names and addresses do, so they are never looked at again.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "subject"], name="identity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.provider}"


class Token(models.Model):
    """A key for scripts: shown once, stored as SHA-256, never more powerful than its user."""

    class Scope(models.TextChoices):
        READ = "read", "read"
        RUN = "run", "read and run"
        WRITE = "write", "everything its user may do"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=150)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=16)
    scope = models.CharField(max_length=8, choices=Scope.choices)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, null=True, related_name="tokens"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    # Known to the answer that makes it, and to nothing that is stored.
    secret: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class Visit(models.Model):
    """An open session of a browser: from where and with what it was last used."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="visits")
    session_key = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.user} at {self.address}"


class Invitation(models.Model):
    """A link that makes one account, and a member of a project if it says so; stored as SHA-256."""

    note = models.CharField(max_length=150)
    digest = models.CharField(max_length=64, unique=True)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, null=True, related_name="invitations"
    )
    role = models.CharField(max_length=8, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    secret: str = ""  # as that of a token

    def __str__(self) -> str:
        return self.note


class SignInAttempt(models.Model):
    """A refused sign-in or token, counted for a while to slow down guessing."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "at"], name="attempt_key_at")]

    def __str__(self) -> str:
        return f"{self.key} at {self.at}"


class Spent(models.Model):
    """How often something was asked for in one minute, by all processes together."""

    key = models.CharField(max_length=64)
    minute = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "minute"], name="spent_once")]
        indexes: ClassVar = [models.Index(fields=["minute"], name="spent_minute")]

    def __str__(self) -> str:
        return f"{self.key} in {self.minute}"
