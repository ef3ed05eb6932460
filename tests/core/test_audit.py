"""The audit chain holds, and says where it was broken."""

import pytest
from django.db import connection, transaction

from tifa.core import audit
from tifa.core.models import ChainHead, Event


def append(count: int) -> None:
    with transaction.atomic():
        audit.record_many(
            actor=None, actions=[audit.Action("thing.done", "thing", str(i), {"n": i}) for i in range(count)]
        )


@pytest.mark.django_db
def test_verify_accepts_an_untouched_chain() -> None:
    append(3)
    append(2)

    result = audit.verify()

    assert result.intact
    assert result.checked == 5


@pytest.mark.django_db
def test_verify_accepts_an_empty_chain() -> None:
    assert audit.verify().intact


@pytest.mark.django_db
def test_verify_names_the_first_changed_row() -> None:
    append(5)
    Event.objects.filter(sequence__in=[3, 4]).update(detail={"n": 99})

    result = audit.verify()

    assert result.broken_at == 3
    assert result.reason == audit.Fault.CHANGED


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps only values of the right type")
@pytest.mark.parametrize(
    "damage",
    [
        "at = 'x'",
        "at = '2026-13-45 00:00:00'",
        "at = 5",
        "actor_id = x'00'",
        "action = cast(x'ff' as text)",
        "object_key = x'ff'",
        "detail = cast('3' as blob)",
    ],
)
def test_verify_names_a_row_that_cannot_be_read(damage: str) -> None:
    append(8)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(f"UPDATE core_event SET {damage} WHERE sequence = 6")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")

    result = audit.verify()

    assert (result.checked, result.broken_at) == (5, 6)
    assert result.reason in {audit.Fault.UNREADABLE, audit.Fault.CHANGED}
    Event.objects.filter(sequence=6).delete()


@pytest.mark.django_db
def test_verify_names_a_removed_row() -> None:
    append(5)
    Event.objects.filter(sequence=2).delete()

    assert audit.verify().broken_at == 2


@pytest.mark.django_db
def test_verify_notices_a_cut_tail() -> None:
    append(5)
    Event.objects.filter(sequence=5).delete()

    assert audit.verify().broken_at == 5


@pytest.mark.django_db
def test_verify_notices_a_removed_head() -> None:
    append(1)
    ChainHead.objects.all().delete()

    assert not audit.verify().intact


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(actor=None, action="thing.done", object_type="thing", object_key="1")
