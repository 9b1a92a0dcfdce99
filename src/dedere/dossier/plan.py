"""How a plan of checks runs: in order, each on its own, and each told what the ones before it have read.

A check that fails does not stop the plan; one that needs what could not be read is indeterminate and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from dedere.base.errors import MessageError
from dedere.crypto.errors import SignatureError
from dedere.dossier.errors import DossierFormError
from dedere.dossier.report import Anchor, Check, LeftOut, Remark, Verdict
from dedere.protocol.trust import TrustDirectory

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from dedere.casework.acts import RecordedAct
    from dedere.crypto.cades import SignatureReport
    from dedere.dossier.description import Description
    from dedere.dossier.reading import Measured, Members
    from dedere.protocol.letter import Letter
    from dedere.protocol.receipt import MachineReceipt, PartReceipt


class NotCheckedError(MessageError):
    """Something a check needs could not be read; the check before it says why."""

    code = "not-checked"


@dataclass(slots=True)
class Scene:
    """What is known so far. Checks read it and fill it in."""

    members: Members
    at: dt.datetime
    trusted: tuple[str, ...] = ()
    held: tuple[bytes, ...] = ()
    progress: Callable[[str, int], None] | None = None
    counted: int = 0
    manifest: dict[str, str] = field(default_factory=dict)
    measured: dict[str, Measured] = field(default_factory=dict)
    found: Description | None = None
    directory: TrustDirectory = field(default_factory=TrustDirectory)
    anchors: list[Anchor] = field(default_factory=list)
    letters: dict[str, Letter] = field(default_factory=dict)
    receipts: dict[str, MachineReceipt | PartReceipt] = field(default_factory=dict)
    signed: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    sealed_record: str = ""
    acts: list[RecordedAct] = field(default_factory=list)
    record: bytes = b""
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def description(self) -> Description:
        """The description of the dossier.

        Raises:
            NotCheckedError: it could not be read.
        """
        if self.found is None:
            raise NotCheckedError("the description of the dossier could not be read")
        return self.found


class Counting(Protocol):
    """What the checks of a plan share."""

    counted: int
    """How many things the check at work has looked at."""


_Shared = TypeVar("_Shared", bound=Counting)


@dataclass(frozen=True, slots=True)
class Step(Generic[_Shared]):
    """One check: its name, the question it answers, and how. `run` yields what it finds; nothing means passed."""

    name: str
    question: str
    run: Callable[[_Shared], Iterator[Remark]]


def run_plan(steps: Iterable[Step[_Shared]], scene: _Shared) -> tuple[Check, ...]:
    """Run every step in order and number it."""
    return tuple(_run(number, step, scene) for number, step in enumerate(steps, start=1))


def _run(number: int, step: Step[_Shared], scene: _Shared) -> Check:
    remarks: list[Remark] = []
    scene.counted = 0
    try:
        for remark in step.run(scene):
            remarks.append(remark)  # noqa: PERF402 - what was found before an error stays
    except NotCheckedError as error:
        remarks.append(Remark(Verdict.INDETERMINATE, f"Not checked: {error.sentence}."))
    except MessageError as error:
        remarks.append(refused(error))
    return Check(number, step.name, step.question, tuple(remarks), scene.counted)


def failed(sentence: str, member: str = "", *, code: str = "") -> Remark:
    """A failure."""
    return Remark(Verdict.FAILED, sentence, member, code)


def indeterminate(sentence: str, member: str = "") -> Remark:
    """A doubt."""
    return Remark(Verdict.INDETERMINATE, sentence, member)


def note(sentence: str, member: str = "") -> Remark:
    """Something to know that does no harm."""
    return Remark(Verdict.PASSED, sentence, member)


def refused(error: MessageError, member: str = "") -> Remark:
    """A failure as whoever refused the bytes put it, with ETSI's words where a signature was the reason."""
    if isinstance(error, DossierFormError):
        member = error.member
    cause = error.__cause__
    if isinstance(cause, SignatureError):
        return Remark(
            Verdict.FAILED, error.sentence, member, error.code, cause.indication.value, cause.sub_indication.value
        )
    return Remark(Verdict.FAILED, error.sentence, member, error.code)


def judged(report: SignatureReport, member: str) -> Iterator[Remark]:
    """Nothing when the signature passed; a doubt with ETSI's words when its time is not proven."""
    if not report.passed:
        sub_indication = "" if report.sub_indication is None else report.sub_indication.value
        sentence = " ".join(report.reasons) or "The signature's validity cannot be determined."
        yield Remark(Verdict.INDETERMINATE, sentence, member, "", report.indication.value, sub_indication)
