"""Which web servers may be asked for texts, and which news feeds are read."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tifa.chain.models import Feed, Host
from tifa.chain.selectors.candidates import named_hosts
from tifa.core import audit
from tifa.core.fetching import NotFetched, host_of
from tifa.organisation.models import Person


@transaction.atomic
def name_host(*, actor: Person, name: str, inside: bool, now: datetime) -> Host:
    """Allow texts to be fetched from a host; until one is named, nothing is fetched at all.

    Raises
    ------
    ValidationError
        When it is no host, or named already.
    """
    host = Host(name=host_name(name), inside=inside, added_by=actor, added_at=now)
    host.full_clean()
    host.save()
    audit.record(
        actor=actor, action="host.named", object_type="host", object_key=host.name[:120], inside=inside
    )
    return host


@transaction.atomic
def remove_host(*, actor: Person, host: Host) -> None:
    """Do not ask a host any more; its feeds stay in the list and cannot be fetched."""
    audit.record(actor=actor, action="host.removed", object_type="host", object_key=host.name[:120])
    host.delete()


@transaction.atomic
def add_feed(*, actor: Person, title: str, url: str, pages: bool, now: datetime) -> Feed:
    """Enter a news feed of a named host.

    Raises
    ------
    ValidationError
        When its host is not named, or the feed is there already.
    """
    check_host(url)
    feed = Feed(title=title, url=url, pages=pages, added_by=actor, added_at=now)
    feed.full_clean()
    feed.save()
    audit.record(actor=actor, action="feed.added", object_type="feed", object_key=title[:120], url=url)
    return feed


@transaction.atomic
def remove_feed(*, actor: Person, feed: Feed) -> None:
    """Take a feed out of the list; the texts that it gave stay."""
    audit.record(
        actor=actor, action="feed.removed", object_type="feed", object_key=feed.title[:120], url=feed.url
    )
    feed.delete()


def host_name(text: str) -> str:
    """Return a host as it is compared, from its name or from an address on it."""
    try:
        address = text.strip().lower()
        return host_of(address if "://" in address else f"https://{address}").removesuffix(":80")
    except NotFetched as error:
        raise ValidationError(
            {"name": _("This is not the name of a host. Write it like berita.example.go.id.")}
        ) from error


def check_host(url: str) -> None:
    """Refuse an address whose host no administrator has named."""
    try:
        host = host_of(url)
    except NotFetched as error:
        raise ValidationError({"url": str(error)}) from error
    if host not in named_hosts():
        raise ValidationError(
            {
                "url": _("%(host)s is not among the named hosts. Ask an administrator to add it.")
                % {"host": host}
            }
        )
