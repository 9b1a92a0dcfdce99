"""The form in which a hearing is planned: times on one wall clock, and everything a plan has to say."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from babel.core import get_global
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dedere.base.clock import format_instant, parse_instant
from dedere.base.errors import InputError
from dedere.casework.persons.hearings import Plan
from dedere.casework.persons.moments import TwiceError, instant_of, shown_in
from dedere.node.persons.actions.hearings import NewHearing
from dedere.web.components.forms import Choice, DateField, Line, OfficeForm, Passage, Radios
from dedere.web.components.names import all_languages, state_name
from dedere.web.persons.heard_words import CONSENTS, MODES, OATHS, RECORDINGS, TEST_RESULTS, choices_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.node.persons.hearings import HearingView

_DAY = 1440


def _line(label: Any, *, help_text: Any = "", width: str = "", required: bool = False) -> forms.CharField:  # lazy text
    widget = Line(width=width, dir="auto")
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=300, widget=widget)


def _passage(label: Any, *, help_text: Any = "") -> forms.CharField:  # lazy text
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=4000, widget=Passage(rows=3))


def _headed(field: forms.Field, heading: Any) -> Any:  # the field, as whoever declares it typed it; lazy text
    field.heading = heading  # type: ignore[attr-defined] # read by components/field.html
    return field


def _time(label: Any, *, required: bool = True) -> forms.TimeField:  # lazy text
    return forms.TimeField(
        label=label,
        help_text=gettext_lazy("As the clock shows it, such as 14:30."),
        required=required,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(
            attrs={"class": "govuk-input govuk-input--width-5", "inputmode": "numeric"}, format="%H:%M"
        ),
    )


class WhenForm(OfficeForm):
    """A day, a time and whose clock shows it."""

    day = DateField(label=gettext_lazy("Day"))
    time = _time(gettext_lazy("Beginning"))
    clock = forms.ChoiceField(label=gettext_lazy("Whose clock shows it"), widget=Radios())
    which = forms.ChoiceField(
        label=gettext_lazy("If that hour comes twice"),
        help_text=gettext_lazy("Only on the night on which clocks are put back."),
        choices=[
            ("", "—"),
            ("earlier", gettext_lazy("The first of the two")),
            ("later", gettext_lazy("The second of the two")),
        ],
        required=False,
        widget=Choice(),
    )


class PlanForm(WhenForm):
    """Everything that the plan of a hearing says; what is not arranged yet stays empty."""

    mode = forms.ChoiceField(label=gettext_lazy("How the person is heard"), choices=choices_of(MODES), widget=Radios())
    zone_here = forms.ChoiceField(label=gettext_lazy("Time zone here"), widget=Choice())
    zone_there = forms.ChoiceField(label=gettext_lazy("Time zone there"), widget=Choice())
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes it lasts"),
        min_value=1,
        max_value=_DAY,
        widget=Line(width="govuk-input--width-5", inputmode="numeric"),
    )
    place = _line(gettext_lazy("Room here"))
    place_there = _line(gettext_lazy("Room there"))
    summoned_by = _headed(_line(gettext_lazy("Who summons the person")), gettext_lazy("Under which rules"))
    law = forms.ChoiceField(label=gettext_lazy("Under whose law the person is heard"), required=False, widget=Choice())
    oath = forms.ChoiceField(
        label=gettext_lazy("Oath"), choices=[("", "—"), *choices_of(OATHS)], required=False, widget=Choice()
    )
    privileges_here = _passage(gettext_lazy("What the person may refuse to say under our law"))
    privileges_there = _passage(gettext_lazy("What the person may refuse to say under the other State's law"))
    consent = forms.ChoiceField(
        label=gettext_lazy("Consent of the person"),
        choices=[("", gettext_lazy("Not asked yet")), *choices_of(CONSENTS)],
        required=False,
        widget=Choice(),
    )
    consented_on = DateField(label=gettext_lazy("Day of that answer"), required=False)
    counsel = _headed(_line(gettext_lazy("Counsel")), gettext_lazy("Who is there"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the hearing"), required=False, widget=Choice())
    interpreter = _line(gettext_lazy("Interpreter"))
    interpreter_certificate = _line(gettext_lazy("Number of the interpreter's certificate"))
    present = _passage(
        gettext_lazy("Persons present, and where each sits"), help_text=gettext_lazy("One on each line.")
    )
    documents = _passage(gettext_lazy("Documents shown"), help_text=gettext_lazy("One on each line."))
    recording = _headed(
        forms.ChoiceField(
            label=gettext_lazy("Recording"),
            choices=[("", "—"), *choices_of(RECORDINGS)],
            required=False,
            widget=Choice(),
        ),
        gettext_lazy("Technique and costs"),
    )
    test_day = DateField(label=gettext_lazy("Technical test"), required=False)
    test_time = _time(gettext_lazy("Time of the test"), required=False)
    costs = _passage(gettext_lazy("Who bears which costs"))
    repeat_reason = _headed(
        _passage(
            gettext_lazy("Why the person is heard again"),
            help_text=gettext_lazy(
                "Needed where an interview is known: each one more harms the person and the evidence."
            ),
        ),
        gettext_lazy("Earlier interviews"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())
    field_order = ("mode", "zone_here", "zone_there", "day", "time", "clock", "which", "minutes")

    def __init__(self, *args: Any, ends: tuple[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here, there = ends
        self.offer("zone_here", zones_of(here))
        self.offer("zone_there", zones_of(there))
        self.offer("clock", [("here", state_name(here)), ("there", state_name(there))])
        laws = [(here, state_name(here)), (there, state_name(there)), ("both", str(_("Both")))]
        self.offer("law", [("", "—"), *laws])
        self.offer("language", [("", "—"), *all_languages()])

    def planned(self, *, interviewed_there: bool) -> NewHearing:
        """The hearing as it was typed.

        Raises:
            InputError: that time never comes, or comes twice, on the clock it was written on.
        """
        given = self.cleaned_data
        zone = given["zone_here"] if given["clock"] == "here" else given["zone_there"]
        return NewHearing(
            starts_at=instant_of(given["day"], given["time"], zone, which=given["which"]),
            minutes=given["minutes"],
            plan=self._plan(zone),
            repeat_reason=given["repeat_reason"],
            interviewed_there=interviewed_there,
        )

    def clean(self) -> dict[str, Any]:
        """A test has a day and a time, or neither."""
        given = super().clean() or {}
        if bool(given.get("test_day")) != bool(given.get("test_time")) and "test_time" not in self.errors:
            self.add_error("test_time", _("Give the day and the time of the test, or neither."))
        return given

    def show_refusal(self, error: InputError) -> None:
        """An hour that comes twice is asked about where it can be answered."""
        if isinstance(error, TwiceError):
            self.add_error("which", error.sentence)
        else:
            super().show_refusal(error)

    def _plan(self, zone: str) -> Plan:
        given = self.cleaned_data
        test = ""
        if given["test_day"]:
            test = format_instant(instant_of(given["test_day"], given["test_time"], zone, which="earlier"))
        texts = {name: given[name].strip() for name in _TEXTS}
        day = given["consented_on"]
        return Plan(
            mode=given["mode"],
            zone_here=given["zone_here"],
            zone_there=given["zone_there"],
            present=_rows(given["present"]),
            documents=_rows(given["documents"]),
            test_at=test,
            consented_on=day.isoformat() if day else "",
            **texts,
        )


class TestForm(OfficeForm):
    """How the technical test went."""

    __test__ = False  # no test of pytest's

    result = forms.ChoiceField(
        label=gettext_lazy("The technical test"), choices=choices_of(TEST_RESULTS), widget=Radios()
    )
    note = _passage(gettext_lazy("What was seen and heard"))


class CallOffForm(OfficeForm):
    """Why a hearing does not take place."""

    reason = forms.CharField(label=gettext_lazy("Why it is called off"), max_length=500, widget=Passage(rows=3))


def beginning(view: HearingView) -> Mapping[str, object]:
    """A planned hearing as its form shows it, on our own clock."""
    plan, local = view.plan, shown_in(view.row.starts_at, view.plan.zone_here)
    test = shown_in(parse_instant(plan.test_at), plan.zone_here) if plan.test_at else None
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    which = ("later" if local.fold else "earlier") if twice else ""
    return {
        **{name: getattr(plan, name) for name in _TEXTS},
        "mode": plan.mode,
        "zone_here": plan.zone_here,
        "zone_there": plan.zone_there,
        "day": local.date(),
        "time": local.time(),
        "clock": "here",
        "which": which,
        "minutes": int((view.row.ends_at - view.row.starts_at).total_seconds() // 60),
        "present": "\n".join(plan.present),
        "documents": "\n".join(plan.documents),
        "consented_on": plan.consented_on,
        "test_day": test.date() if test else None,
        "test_time": test.time() if test else None,
        "repeat_reason": view.repeat_reason,
        "seen": view.version,
    }


@lru_cache(maxsize=256)
def zones_of(state: str) -> list[tuple[str, str]]:
    """The time zones of a State, its own first; where none is known, all there are."""
    territories = get_global("zone_territories")
    known = available_timezones()
    own = sorted(zone for zone, territory in territories.items() if territory == state and zone in known)
    rest = sorted(known - set(own)) if not own else []
    return [(zone, zone.replace("_", " ")) for zone in (*own, *rest, "UTC")]


def _rows(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


_TEXTS = (
    "place",
    "place_there",
    "summoned_by",
    "law",
    "oath",
    "privileges_here",
    "privileges_there",
    "consent",
    "counsel",
    "language",
    "interpreter",
    "interpreter_certificate",
    "recording",
    "costs",
)
