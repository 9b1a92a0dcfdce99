"""Officers, the roles they hold, and one-time sign-in links."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from dedere.casework.acts import Role

ROLE_CHOICES = [(role.value, role.value) for role in Role]


class MailWish(models.TextChoices):
    """How an officer wants to be told by e-mail that something waits for them."""

    NONE = "none"
    DAILY = "daily"
    AT_ONCE = "at-once"


class OfficerManager(BaseUserManager["Officer"]):
    """How Django finds an officer by what was typed."""

    def get_by_natural_key(self, username: str | None) -> Officer:
        """The officer with this sign-in name, whatever its case."""
        return self.get(sign_in_name__iexact=username)


class Officer(AbstractBaseUser):
    """A person who works for the authority. `identifier` stands in audit and acts; it is never reused."""

    identifier = models.CharField(max_length=26, unique=True)
    sign_in_name = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    mail = models.CharField(max_length=8, choices=MailWish, default=MailWish.DAILY)

    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = OfficerManager()

    def __str__(self) -> str:
        return self.name

    def roles(self) -> frozenset[Role]:
        """The roles held now; read once and kept on the object."""
        held: frozenset[Role] | None = getattr(self, "_roles", None)
        if held is None:
            held = frozenset(Role(grant.role) for grant in self.grants.all())
            self._roles = held
        return held

    def holds(self, *roles: Role) -> bool:
        """Whether the officer is active and holds one of the roles."""
        return self.is_active and not self.roles().isdisjoint(roles)


class Grant(models.Model):
    """One role held by one officer."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=ROLE_CHOICES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "role"], name="accounts_one_grant"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="accounts_known_role"
            ),
        ]


class SignInLink(models.Model):
    """A link that signs one officer in once. Only its digest is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """A device that proves its holder (Web Authentication, second factor). What is kept opens nothing by itself.

    `credential` is the attested credential data: the key's public half, as the device gave it.
    """

    identifier = models.CharField(max_length=26, unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=100)
    credential = models.BinaryField()
    credential_digest = models.CharField(max_length=64, unique=True)
    uses = models.PositiveBigIntegerField(default=0)  # the device's own counter; 0 where it counts none
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """Stands in once for a passkey that was lost. Only its digest is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="recovery_codes")
    used_at = models.DateTimeField(null=True)


class FailedSignIn(models.Model):
    """A sign-in that was refused. `subject` is a digest of what was typed as name, so that no name stands here."""

    subject = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()


class Visit(models.Model):
    """A browser in which an officer has signed in."""

    identifier = models.CharField(max_length=26, unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="visits")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=200)
    started_at = models.DateTimeField()


class Notice(models.Model):
    """Something that waits for an officer, kept once. `key` is a digest: nothing of a case stands here."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=64)
    grave = models.BooleanField()
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "key"], name="accounts_one_notice_a_thing"),
        ]


class Token(models.Model):
    """What another program of the house shows in the place of an officer. Only its digest is kept."""

    identifier = models.CharField(max_length=26, unique=True)
    digest = models.CharField(max_length=64, primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
