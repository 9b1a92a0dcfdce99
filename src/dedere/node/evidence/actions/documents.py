"""Documents that leave with an act and are no items of evidence here: a file of a request, a judgment, a map."""

from __future__ import annotations

from collections.abc import Sequence

from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.cases.actions.drafts import NewAttachment
from dedere.node.evidence.actions.intake import Upload, media_type_of, seal_into_vault
from dedere.node.evidence.conditions import require_may_leave
from dedere.vault.names import safe_name


def take_documents(*, by: Officer, case_id: str, uploads: Sequence[Upload]) -> tuple[NewAttachment, ...]:
    """Stream files into the vault, to go with an act of the case.

    Raises:
        UnknownObjectError: the case is not this officer's.
        UseForbiddenError: a file is evidence that a condition keeps from a State of the case.
    """
    case = require_case(by, case_id)
    taken = []
    for upload in uploads:
        stored = seal_into_vault(upload.source)
        for state in {case.partner, *case.state.get("states", ())}:
            require_may_leave(stored.sha256, partner=state)
        taken.append(
            NewAttachment(
                name=safe_name(upload.name),
                title=upload.title.strip() or safe_name(upload.name),
                media_type=media_type_of(stored, declared=upload.media_type),
                size=stored.size,
                sha256=stored.sha256,
                object_id=stored.id,
            )
        )
    return tuple(taken)
