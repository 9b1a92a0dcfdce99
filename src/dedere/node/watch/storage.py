"""How much is stored, how fast it grows, and when the disk will be full at that pace."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass

from django.db.models import Count, Min, Sum

from dedere.node.evidence.models import Item
from dedere.node.office import office

PACE_OVER = dt.timedelta(days=90)
_LEAST = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Storage:
    """Sizes in bytes. `per_day` is the mean of the last `over_days` days; `days_left` is None where nothing grows."""

    items: int
    item_bytes: int
    free_bytes: int
    per_day: int
    over_days: int
    days_left: int | None


def storage() -> Storage:
    """How much evidence is kept, and for how long there is room at the pace of the last 90 days, or since the first."""
    now = office().clock.now()
    kept = Item.objects.filter(destroyed_at=None).aggregate(
        count=Count("pk"), size=Sum("size"), first=Min("created_at")
    )
    recent = Item.objects.filter(created_at__gt=now - PACE_OVER).aggregate(size=Sum("size"))["size"] or 0
    free = shutil.disk_usage(office().home.vault).free
    since = max(_LEAST, min(PACE_OVER, now - kept["first"])) if kept["first"] else PACE_OVER
    per_day = int(recent / (since / dt.timedelta(days=1)))
    return Storage(
        items=kept["count"],
        item_bytes=kept["size"] or 0,
        free_bytes=free,
        per_day=per_day,
        over_days=max(1, since.days),
        days_left=free // per_day if per_day else None,
    )
