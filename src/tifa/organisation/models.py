"""Units of the government tree, people, and the roles that people have in units."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tifa.organisation.choices import Role, UnitKind

CODE_FORM = RegexValidator(r"^[\w.\-/]+$", _("A code has letters, digits, dots, hyphens and slashes only."))


class Unit(models.Model):
    """A node of the government tree, known by its code: two units may have one name."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE_FORM])
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="unit_validity_in_order",
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_from__lte=models.F("valid_to")),
                violation_error_message=_("The unit ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitAlias(models.Model):
    """Another name or a former code by which a unit is found."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(_("alias"), max_length=200)

    class Meta:
        ordering = ["text", "pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "text"], name="unit_alias_once")]

    def __str__(self) -> str:
        return self.text


class PersonManager(BaseUserManager["Person"]):
    """Makes people who sign in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Make a person; without a password they cannot sign in until they set one."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Make a person who may open the technical administration."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find a person by e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in."""

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("This address is in use.")}
    )
    name = models.CharField(_("name"), max_length=200)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("technical administration"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """One role of a person in a unit; it reaches down to all units below."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=13, choices=Role)

    class Meta:
        ordering = ["unit__code", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                name="membership_once",
                violation_error_message=_("This person has that role in that unit already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.unit_id}"
