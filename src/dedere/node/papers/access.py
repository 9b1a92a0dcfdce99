"""Need to know: the only ways from an officer to a request on paper, a file, a sheet."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import works_on_cases
from dedere.node.cases.access import cases_of
from dedere.node.errors import UnknownObjectError
from dedere.node.papers.models import PaperFile, PaperRequest, Sheet


def requests_of(officer: Officer) -> QuerySet[PaperRequest]:
    """Requests on paper given to the officer, or of a case of theirs; a registrar sees all of them."""
    if not works_on_cases(officer):
        return PaperRequest.objects.none()
    if officer.holds(Role.REGISTRAR):
        return PaperRequest.objects.all()
    return PaperRequest.objects.filter(Q(officer=officer) | Q(case__in=cases_of(officer)))


def require_request(officer: Officer, request_id: str) -> PaperRequest:
    """The request on paper, if it is this officer's.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    mine = requests_of(officer).select_related("officer", "registered_by", "read_by", "case")
    found = mine.filter(pk=request_id).first()
    if found is None:
        raise UnknownObjectError
    return found


def require_file(officer: Officer, file_id: str) -> PaperFile:
    """The file, if its request or its case is this officer's."""
    mine = Q(request__in=requests_of(officer)) | Q(case__in=cases_of(officer))
    found = PaperFile.objects.filter(mine, pk=file_id).first()
    if found is None:
        raise UnknownObjectError
    return found


def require_sheet(officer: Officer, sheet_id: str) -> Sheet:
    """The sheet with its case, if the officer has part in the case."""
    found = Sheet.objects.select_related("case", "made_by", "approved_by")
    sheet = found.filter(pk=sheet_id, case__in=cases_of(officer)).first()
    if sheet is None:
        raise UnknownObjectError
    return sheet
