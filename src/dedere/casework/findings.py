"""What is missing or weak in a request, on the drafting side and on the receiving side: one check for both.

The check itself is `treaty.contents`; this puts it before a draft or a request received, and turns what is missing
into an itemised question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.treaty.contents import ContentFinding, Weight, check_contents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from dedere.base.finding import Outcome
    from dedere.casework.acts import JSON
    from dedere.casework.request import RequestDraft
    from dedere.treaty.law import Law


def check_draft(
    draft: RequestDraft, law: Law, *, on: dt.date, treaties: Mapping[str, Outcome] | None = None
) -> tuple[ContentFinding, ...]:
    """Every remark on the request, heaviest first, each with its provision, provenance and consequence.

    `treaties` says of each treaty whether it binds both States (`treaty.parties.treaties_between`).
    """
    return check_contents(law, draft.file, on=on, treaties=treaties)


def proposed_questions(findings: Iterable[ContentFinding], *, prefix: str = "q") -> list[JSON]:
    """What is missing, as questions for the body of an acknowledgement: one item a question, in the same order."""
    missing = [finding for finding in findings if finding.weight is Weight.MISSING]
    questions: list[JSON] = []
    for number, finding in enumerate(missing, start=1):
        question: dict[str, JSON] = {
            "id": f"{prefix}{number}",
            "text": f"{finding.ask}: {finding.reason}",
            "field": finding.field,
        }
        if finding.references:
            question["provision"] = finding.references[0].datum
        questions.append(question)
    return questions
