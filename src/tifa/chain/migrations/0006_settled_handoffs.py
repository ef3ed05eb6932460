from django.db import migrations, models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When

# The steps with which an innovation comes into each ledger, as they were when this was written.
LEDGERS = {
    "reported": ["dilaporkan"],
    "verified": ["diverifikasi"],
    "selected": ["dipilih"],
    "forwarded": ["diteruskan"],
    "received": ["diterima", "finalis", "penghargaan"],
}


def settle(apps, schema_editor):
    rows = apps.get_model("chain", "HandOff").objects.using(schema_editor.connection.alias)
    ledger = Case(
        *(When(step__in=steps, then=Value(name)) for name, steps in LEDGERS.items()), default=Value("")
    )
    others = rows.filter(innovation=OuterRef("innovation"), reversal=None)
    later = others.filter(Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), pk__gt=OuterRef("pk")))
    earlier = others.filter(Q(on__lt=OuterRef("on")) | Q(on=OuterRef("on"), pk__lt=OuterRef("pk")))
    again = earlier.annotate(ledger=ledger).filter(ledger=OuterRef("ledger"))
    rows.filter(reversal=None).annotate(ledger=ledger).update(
        until=Subquery(later.order_by("on", "pk").values("on")[:1]),
        reached=Case(When(Exists(again), then=Value("")), default=F("ledger")),
    )
    rows.exclude(reversal=None).update(until=F("on"), reached="")


class Migration(migrations.Migration):

    dependencies = [
        ('chain', '0005_campaigns_and_messages'),
    ]

    operations = [
        migrations.AddField(
            model_name='handoff',
            name='reached',
            field=models.CharField(blank=True, choices=[('known', 'Known'), ('reported', 'Reported'), ('verified', 'Verified'), ('selected', 'Selected'), ('forwarded', 'Forwarded'), ('received', 'Received by the ministry')], editable=False, max_length=12),
        ),
        migrations.AddField(
            model_name='handoff',
            name='until',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunPython(settle, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(fields=['step', 'on', 'innovation'], name='handoff_by_step'),
        ),
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(fields=['reached', 'on'], name='handoff_by_ledger'),
        ),
    ]
