"""Heads of audit logs: those of partners, and ours with their countersignatures. They are only added."""

from django.db import migrations, models

from dedere.node.audit.triggers import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0002_card_look'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContradictingCheckpoint',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('partner', models.CharField(db_index=True, max_length=2)),
                ('checkpoint', models.BinaryField()),
                ('came_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='HeldHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.CharField(max_length=2)),
                ('size', models.PositiveBigIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('checkpoint', models.BinaryField()),
                ('countersignature', models.BinaryField()),
                ('held_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['partner', 'size'],
                'constraints': [models.UniqueConstraint(fields=('partner', 'size'), name='exchange_one_head_of_a_size')],
            },
        ),
        migrations.CreateModel(
            name='WitnessedHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.CharField(max_length=2)),
                ('size', models.PositiveBigIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('countersignature', models.BinaryField()),
                ('held_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['partner', 'size'],
                'constraints': [models.UniqueConstraint(fields=('partner', 'size'), name='exchange_one_witness_of_a_size')],
            },
        ),
        append_only("exchange_heldhead", "exchange_witnessedhead", "exchange_contradictingcheckpoint"),
    ]
