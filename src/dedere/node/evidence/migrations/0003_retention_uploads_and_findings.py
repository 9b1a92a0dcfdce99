"""Holds, destruction by order, findings of machines, time-stamps of ledgers, and uploads under way."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from dedere.node.audit.triggers import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='derived_from',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='item',
            name='destroyed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='item',
            name='object',
            field=models.CharField(db_index=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='item',
            name='sha256',
            field=models.CharField(db_index=True, max_length=64),
        ),
        migrations.CreateModel(
            name='Annotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('malware', 'Malware')], max_length=20)),
                ('verdict', models.CharField(choices=[('clean', 'Clean'), ('found', 'Found'), ('not-scanned', 'Not Scanned')], max_length=20)),
                ('by', models.CharField(max_length=200)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annotations', to='evidence.item')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('container', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stamps', to='evidence.item')),
            ],
            options={
                'ordering': ['at', 'digest'],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('identifier', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('target', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=255)),
                ('media_type', models.CharField(blank=True, max_length=120)),
                ('size', models.PositiveBigIntegerField()),
                ('modified', models.CharField(blank=True, max_length=20)),
                ('started_at', models.DateTimeField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['started_at', 'identifier'],
            },
        ),
        migrations.CreateModel(
            name='Destruction',
            fields=[
                ('identifier', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('authority', models.CharField(max_length=200)),
                ('reference', models.CharField(max_length=200)),
                ('sender_agreed', models.BooleanField(default=False)),
                ('ordered_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=300)),
                ('done_at', models.DateTimeField(null=True)),
                ('order', models.BinaryField(null=True)),
                ('certificate', models.BinaryField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='destructions', to='evidence.item')),
                ('ordered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['ordered_at', 'identifier'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('item',), name='evidence_one_order_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='evidence_approved_by_somebody'), models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('ordered_by')), _negated=True), _connector='OR'), name='evidence_destruction_needs_two'), models.CheckConstraint(condition=models.Q(('done_at', None), models.Q(('approved_by__isnull', False), ('certificate__isnull', False)), _connector='OR'), name='evidence_destroyed_with_certificate')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('identifier', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=200)),
                ('placed_on', models.DateField()),
                ('lifted_on', models.DateField(null=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='evidence.item')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['placed_on', 'identifier'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lifted_by', None), ('lifted_on', None)), models.Q(('lifted_by__isnull', False), ('lifted_on__isnull', False)), _connector='OR'), name='evidence_hold_lifted_by_somebody')],
            },
        ),
        append_only("evidence_annotation", "evidence_stamp"),
    ]
