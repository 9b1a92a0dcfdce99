"""The order of a case depends on its letters alone, never on when they came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dedere.protocol.container import size_class
from dedere.protocol.waiting import Placed, in_causal_order


@st.composite
def correspondence(draw: st.DrawFn) -> list[Placed]:
    """Letters of two States; each answers some of those written before it."""
    letters: list[Placed] = []
    counts = {"NL": 0, "SN": 0}
    for number in range(draw(st.integers(1, 12))):
        sender = draw(st.sampled_from(["NL", "SN"]))
        counts[sender] += 1
        earlier = [letter.id for letter in letters]
        answers = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3)) if earlier else []
        letters.append(Placed(f"letter {number}", sender, counts[sender], tuple(answers)))
    return letters


@given(correspondence(), st.randoms(use_true_random=False))
def test_p111_any_order_of_arrival_gives_one_order(letters: list[Placed], random: object) -> None:
    shuffled = list(letters)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random, whose module is banned by name

    assert in_causal_order(shuffled) == in_causal_order(letters)
    assert in_causal_order(letters)[1] == ()


@given(correspondence(), st.data())
def test_p111_nothing_is_folded_before_what_it_rests_on_and_nothing_vanishes(
    letters: list[Placed], data: st.DataObject
) -> None:
    arrived = data.draw(st.lists(st.sampled_from(letters), unique=True))

    ready, waiting = in_causal_order(arrived)

    done: set[str] = set()
    places: set[tuple[str, int]] = set()
    for letter in ready:
        assert set(letter.answers) <= done
        assert letter.sequence == 1 or (letter.sender, letter.sequence - 1) in places
        done.add(letter.id)
        places.add((letter.sender, letter.sequence))
    assert done | {each.id for each in waiting} == {letter.id for letter in arrived}
    for each in waiting:
        assert each.letters or each.sequence


@given(st.integers(0, 2**40))
def test_p026_a_size_class_holds_and_wastes_less_than_half(size: int) -> None:
    whole = size_class(size)

    assert whole >= size
    assert size_class(whole) == whole
    assert whole == 16384 or whole < 1.5 * size + 1
