"""Whatever an act holds is said by its document, in any order of its members, and never read as markup."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dedere.papers.composing.values import short_value
from dedere.papers.particulars import Json
from dedere.papers.printable import printable
from dedere.papers.render import act_document, render_act
from dedere.papers.wording import load_wording
from support.papers import FACTS, act_of, document_text, leaves, squeezed

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn"]), min_size=1, max_size=60
)
NAMES = st.from_regex(r"[a-z][a-z_]{0,12}", fullmatch=True).filter(lambda name: name not in {"references", "request"})
VALUES: st.SearchStrategy[Json] = st.recursive(
    WORDS | st.integers(-(2**40), 2**40) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
BODIES = st.dictionaries(NAMES, VALUES, max_size=6)
PRINTABLE = st.text(st.sampled_from("abc ÄßØж αβ #*_$`[]{}()\\/<>@=~^&%\"'-+\n0123456789"), max_size=200)


def said(name: str, value: Json) -> str:
    return short_value(name, value, wording=load_wording("en"), names={}) or str(value)


@given(BODIES)
@settings(max_examples=60, deadline=None)
def test_every_single_value_is_in_the_document(body: dict[str, Json]) -> None:
    text = squeezed(document_text(act_document(act_of("notice", body), facts=FACTS)))

    for name, value in leaves(body):
        for stretch in said(name, value).split():
            assert squeezed(stretch) in text


@given(BODIES)
@settings(max_examples=30, deadline=None)
def test_the_order_of_members_does_not_matter(body: dict[str, Json]) -> None:
    turned = dict(reversed(body.items()))

    assert act_document(act_of("notice", body), facts=FACTS) == act_document(act_of("notice", turned), facts=FACTS)


@given(PRINTABLE)
@settings(max_examples=15, deadline=None)
def test_any_text_makes_a_pdf(text: str) -> None:
    assert render_act(act_of("notice", {"text": text, "event": text}), facts=FACTS).startswith(b"%PDF-1.7")


@given(st.text())
@settings(deadline=None)
def test_printable_text_steers_nothing_and_stays_so(text: str) -> None:
    shown = printable(text)

    assert printable(shown) == shown
    assert not any(character in shown for character in "\u202e\u2066\x00\x1b\r\t")
