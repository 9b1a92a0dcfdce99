"""Addresses of the numbers."""

from __future__ import annotations

from django.urls import path

from dedere.web.statistics import numbers

app_name = "statistics"

urlpatterns = [path("", numbers.numbers, name="index")]
