"""Drafts: the list, starting one, and the page of one with its task list and its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.accounts import queries as accounts
from dedere.node.cases import actions
from dedere.node.desk import case as cases
from dedere.node.desk import drafts as queries
from dedere.node.errors import FieldsError
from dedere.treaty.requestfile_schema import FORMAT
from dedere.web.components.forms import Checkboxes, Choice, File, Line, OfficeForm
from dedere.web.components.names import all_states
from dedere.web.components.outline import Section, body_shown, section_holding, sections_for
from dedere.web.components.remarks import Remark
from dedere.web.components.tables import is_blank, value_at
from dedere.web.components.views import OfficerRequest, for_officers, page_number, posted, posted_with_files
from dedere.web.requests.acts import OPENED_BY_ONE_ACT
from dedere.web.requests.remarks import kind_of, remarks_on, request_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

_LARGEST_FILE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list."""

    section: Section
    state: str
    missing: int
    weak: int


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """Drafts of the cases in which the officer has part."""
    found = queries.list_drafts(request.user, page=page_number(request))
    return render(request, "requests/list.html", {"found": found})


# What can be asked for: the kind of request, and the side of this State where its kind leaves that open.
KINDS: Mapping[str, _StrPromise] = {
    "mla": gettext_lazy("Mutual legal assistance"),
    "provisional-arrest": gettext_lazy("Provisional arrest"),
    "extradition": gettext_lazy("Extradition"),
    "transit": gettext_lazy("Transit"),
    "transfer/sentencing": gettext_lazy("Transfer of a person sentenced here"),
    "transfer/administering": gettext_lazy("Transfer of a person sentenced there"),
    "transfer-provisional/sentencing": gettext_lazy("Taking over enforcement: the person fled from here"),
    "jit": gettext_lazy("Joint investigation team"),
}
# What only follows something else in the same case.
FURTHER_KINDS: Mapping[str, _StrPromise] = {
    **KINDS,
    "speciality-consent": gettext_lazy("Consent to prosecute other offences"),
    "re-extradition-consent": gettext_lazy("Consent to surrender onward"),
    "prosecution-of-national": gettext_lazy("Prosecution instead of extradition"),
}


class StartForm(OfficeForm):
    """What a new request begins with."""

    partner = forms.ChoiceField(label=gettext_lazy("State to ask"), widget=Choice())
    title = forms.CharField(
        label=gettext_lazy("Name of the case in this office"),
        help_text=gettext_lazy("Seen by both authorities. Leave out the names of protected persons."),
        max_length=300,
        widget=Line(dir="auto"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What to ask for"),
        choices=list(KINDS.items()),
        widget=Choice(),
    )

    earlier = forms.ChoiceField(
        label=gettext_lazy("Begin with what an earlier request says"),
        help_text=gettext_lazy("Its references, dates, deadline and attachments stay behind. Read everything again."),
        required=False,
        widget=Choice(),
    )

    def __init__(self, *args: object, earlier: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer("earlier", [("", gettext_lazy("With nothing")), *earlier])
        self.offer("partner", [("", "—"), *all_states()])


@require_http_methods(["GET", "POST"])
@for_officers
def start(request: OfficerRequest) -> HttpResponse:
    """Begin a request."""
    form = StartForm(posted(request), earlier=queries.earlier_requests(request.user))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        kind, _slash, side = chosen["kind"].partition("/")
        try:
            draft = actions.start_draft(
                by=request.user,
                partner=chosen["partner"],
                title=chosen["title"],
                opens=kind,
                request=_begun(request.user, chosen["earlier"], kind=kind, partner=chosen["partner"]),
                side=side,
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            return redirect("requests:draft", draft.pk)
    return render(request, "requests/start.html", {"form": form}, status=422 if form.errors else 200)


class FurtherForm(OfficeForm):
    """What a further request in a case begins with."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What to ask for"), choices=list(FURTHER_KINDS.items()), widget=Choice()
    )
    links = forms.MultipleChoiceField(
        label=gettext_lazy("What it follows"),
        help_text=gettext_lazy("For example the provisional arrest after which extradition is asked for."),
        required=False,
        widget=Checkboxes(),
    )

    def __init__(self, *args: object, proceedings: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer("links", proceedings)


@require_http_methods(["GET", "POST"])
@for_officers
def start_further(request: OfficerRequest, case_id: str) -> HttpResponse:
    """Begin a further request in a case, or an act that opens a proceeding by itself."""
    case = cases.case_view(request.user, case_id)
    proceedings = [(each.id, f"{each.title}: {each.stage_title}") for each in case.proceedings]
    form = FurtherForm(posted(request), proceedings=proceedings)
    if request.method == "POST" and form.is_valid():
        kind, _slash, side = form.cleaned_data["kind"].partition("/")
        try:
            draft = actions.start_further_draft(
                by=request.user,
                case_id=case_id,
                opens=kind,
                request=_beginning(kind, case.row.partner),
                links=form.cleaned_data["links"],
                side=side,
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            return redirect("requests:draft", draft.pk)
    context = {"form": form, "case": case, "single": list(OPENED_BY_ONE_ACT)}
    return render(request, "requests/start_further.html", context, status=422 if form.errors else 200)


class FileForm(OfficeForm):
    """A request file."""

    file = forms.FileField(
        label=gettext_lazy("Request file"),
        help_text=gettext_lazy("TOML or JSON, at most 4 MB. Its attachments are added afterwards."),
        widget=File(accept=".toml,.json"),
    )

    def clean_file(self) -> object:
        """The file, if it is small enough to be one."""
        file = self.cleaned_data["file"]
        if file.size > _LARGEST_FILE:
            raise forms.ValidationError(_("A request file has at most 4 MB; attachments are added afterwards."))
        return file


@require_http_methods(["GET", "POST"])
@for_officers
def start_from_file(request: OfficerRequest) -> HttpResponse:
    """Begin a request from a file."""
    form = FileForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = actions.start_draft_from_file(by=request.user, name=file.name, data=file.read())
        except InputError as error:
            form.show_refusal(error)
        else:
            return redirect("requests:draft", draft.pk)
    return render(request, "requests/start_from_file.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@for_officers
def draft(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """One draft: what is done, what is missing, what the law says to it, and the way out of the house."""
    found = queries.draft_view(request.user, draft_id)
    findings = _by_severity(remarks_on(found))
    context: dict[str, object] = {"draft": found, "findings": findings, **body_shown(found.body)}
    if found.is_request:
        tables = request_tables(found.body)
        context["tasks"] = _tasks(found, tables)
    return render(request, "requests/draft.html", context)


@require_POST
@for_officers
def discard(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """Give a draft up."""
    actions.discard_draft(by=request.user, draft_id=draft_id)
    messages.success(request, _("The draft is discarded. Nothing of it left the house."))
    return redirect("requests:list")


def _beginning(kind: str, partner: str) -> dict[str, object]:
    """The request file of a request of which nothing is known yet but who asks whom for what."""
    request = {"kind": kind, "requesting_state": accounts.house().state, "requested_state": partner}
    return {"format": FORMAT, "request": request}


def _begun(officer: accounts.Officer, earlier: str, *, kind: str, partner: str) -> dict[str, object]:
    """The beginning of a request: empty, or what an earlier one of the same kind says."""
    beginning = _beginning(kind, partner)
    if not earlier:
        return beginning
    tables = queries.tables_of_earlier(officer, earlier)
    if kind_of(tables) != kind:
        raise FieldsError({"earlier": _("The earlier request asks for something else: choose the same kind.")})
    inner, ends = tables["request"], beginning["request"]
    return {
        **tables,
        "request": {**(inner if isinstance(inner, dict) else {}), **(ends if isinstance(ends, dict) else {})},
    }


def _tasks(found: queries.DraftView, tables: Mapping[str, object]) -> list[Task]:
    kind = kind_of(tables)
    tasks = []
    for section in sections_for(kind):
        here = [finding for finding in found.findings if section_holding(kind, finding.path) == section]
        missing = sum(finding.severity == "missing" for finding in here)
        weak = sum(finding.severity == "weak" for finding in here)
        begun = any(not is_blank(value_at(tables, prefix)) for prefix in section.prefixes)
        tasks.append(Task(section, _task_state(missing, weak, begun=begun), missing, weak))
    return tasks


def _task_state(missing: int, weak: int, *, begun: bool) -> str:
    if missing:
        return "missing" if begun else "empty"
    if weak:
        return "weak"
    return "complete" if begun else "optional"


def _by_severity(remarks: Sequence[Remark]) -> list[tuple[str, list[Remark]]]:
    grouped = [
        (severity, [remark for remark in remarks if remark.finding.severity == severity])
        for severity in ("missing", "weak", "advice")
    ]
    return [(severity, found) for severity, found in grouped if found]
