"""People and their roles, for administrators."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tifa.core.permissions import permission
from tifa.organisation.accounts import send_password_link
from tifa.organisation.choices import Role
from tifa.organisation.forms import NewPersonForm, PersonForm, RoleForm
from tifa.organisation.models import Membership, Person
from tifa.organisation.selectors import find_people, unit_tree
from tifa.organisation.services import (
    LastAdministrator,
    create_person,
    grant_role,
    revoke_role,
    update_person,
)

PAGE_SIZE = 50


@permission("organisation.manage_people")
def people_list(request: HttpRequest) -> HttpResponse:
    """List everybody with their roles, searched and narrowed to a role."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    role = request.GET.get("role", "").replace("\x00", "")[:20]
    unknown_role = bool(role) and role not in Role.values
    found = find_people(query, "" if unknown_role else role)
    context = {
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query,
        "role": role,
        "roles": Role.choices,
        "unknown_role": unknown_role,
    }
    return render(request, "organisation/people_list.html", context)


@permission("organisation.manage_people")
def person_create(request: HttpRequest) -> HttpResponse:
    """Enter a person with a first role, and send them the link to set a password."""
    form = NewPersonForm(request.POST or None, tree=unit_tree())
    if request.method == "POST" and form.is_valid():
        person = _create(_administrator(request), form)
        _send_link(request, person)
        return redirect("organisation:person_edit", person.pk)
    return render(
        request, "organisation/person_create.html", {"form": form}, status=422 if form.errors else 200
    )


@permission("organisation.manage_people")
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's name or sign-in; their roles stand below."""
    person = get_object_or_404(Person, pk=pk)
    # The form writes into its instance, so it gets one of its own and the service sees what was stored.
    form = PersonForm(request.POST or None, instance=get_object_or_404(Person, pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            update_person(actor=_administrator(request), person=person, **form.cleaned_data)
        except LastAdministrator as refusal:
            form.add_error("is_active", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:person_edit", pk)
    return _person_page(request, person, form, RoleForm(tree=unit_tree(), person=person))


@permission("organisation.manage_people")
@require_POST
def role_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person one more role."""
    person = get_object_or_404(Person, pk=pk)
    form = RoleForm(request.POST, tree=unit_tree(), person=person)
    if not form.is_valid():
        return _person_page(request, person, PersonForm(instance=person), form)
    unit, role = form.cleaned_data["unit"], Role(form.cleaned_data["role"])
    grant_role(actor=_administrator(request), person=person, unit=unit, role=role)
    messages.success(
        request,
        _("%(name)s now has the role “%(role)s” in %(unit)s.")
        % {"name": person, "role": role.label, "unit": unit},
    )
    return redirect("organisation:person_edit", pk)


@permission("organisation.manage_people")
@require_POST
def role_revoke(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Take a role of a person away."""
    membership = get_object_or_404(
        Membership.objects.select_related("person", "unit"), pk=membership_pk, person=pk
    )
    try:
        revoke_role(actor=_administrator(request), membership=membership)
    except LastAdministrator as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role was taken away."))
    return redirect("organisation:person_edit", pk)


@permission("organisation.manage_people")
@require_POST
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a person the link to set a password once more."""
    _send_link(request, get_object_or_404(Person, pk=pk))
    return redirect("organisation:person_edit", pk)


def _administrator(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


@transaction.atomic
def _create(actor: Person, form: NewPersonForm) -> Person:
    chosen = form.cleaned_data
    person = create_person(actor=actor, email=chosen["email"], name=chosen["name"])
    if chosen["role"]:
        grant_role(actor=actor, person=person, unit=chosen["unit"], role=Role(chosen["role"]))
    return person


def _send_link(request: HttpRequest, person: Person) -> None:
    if send_password_link(request, person):
        messages.success(
            request,
            _("A mail with the link to set a password went to %(email)s. It can be sent again below.")
            % {"email": person.email},
        )
    else:
        messages.warning(
            request,
            _(
                "%(name)s is entered, but the mail to %(email)s could not be sent. Check that the person may sign in "
                "and that the mail settings work, then send the link again below."
            )
            % {"name": person, "email": person.email},
        )


def _person_page(request: HttpRequest, person: Person, form: PersonForm, role_form: RoleForm) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "role_form": role_form,
        "memberships": Membership.objects.filter(person=person).select_related("unit"),
    }
    status = 422 if form.errors or role_form.errors else 200
    return render(request, "organisation/person_edit.html", context, status=status)
