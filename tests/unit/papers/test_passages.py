"""The free text of an act, as a translator gets it."""

from __future__ import annotations

import hashlib

from dedere.casework.acts import ActKind
from dedere.papers.composing.translations import Translation
from dedere.papers.passages import passages_of, stale_translations
from dedere.papers.wording import load_wording
from support.papers import act_of, sample_act

ENGLISH = load_wording("en")


def test_free_text_is_listed_in_reading_order_with_its_place_in_words() -> None:
    act = act_of(
        "questions", {"questions": [{"id": "q1", "text": "When was it?"}, {"id": "q2", "text": "Which court?"}]}
    )

    found = passages_of(act, wording=ENGLISH)

    assert [(each.path, each.text) for each in found] == [
        ("questions[1].text", "When was it?"),
        ("questions[2].text", "Which court?"),
    ]
    assert found[1].label.startswith("Questions 2 › ")
    assert found[0].sha256 == hashlib.sha256(b"When was it?").hexdigest()


def test_codes_days_and_identifiers_are_nobodys_words() -> None:
    act = act_of("result", {"measures": [{"measure": "m1", "outcome": "executed", "on": "2026-11-24", "note": "SN-4"}]})

    assert passages_of(act, wording=ENGLISH) == ()


def test_each_passage_of_a_request_can_be_translated() -> None:
    found = passages_of(sample_act(ActKind.REQUEST), wording=ENGLISH)

    assert len({each.path for each in found}) == len(found) > 50


def test_a_translation_is_stale_when_its_passage_changed_or_is_gone() -> None:
    passages = passages_of(act_of("closure", {"text": "All is done."}), wording=ENGLISH)

    def of(words: str, path: str = "text") -> Translation:
        return Translation(path, "fr", "Tout est fait.", hashlib.sha256(words.encode()).hexdigest())

    fresh, changed, gone = of("All is done."), of("Nothing is done."), of("All is done.", "note")

    assert stale_translations(passages, [fresh, changed, gone]) == (changed, gone)
