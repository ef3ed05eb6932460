"""Adds the day of the first verification, and reads it from the steps that are there."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def read_from_steps(apps, schema_editor):
    first = (
        apps.get_model("chain", "HandOff")
        .objects.filter(innovation=OuterRef("pk"), step="diverifikasi")
        .order_by("on")
        .values("on")[:1]
    )
    apps.get_model("registry", "Innovation").objects.update(verified_on=Subquery(first))


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0001_initial'),
        ('chain', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='innovation',
            name='verified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunPython(read_from_steps, migrations.RunPython.noop),
    ]
