"""Delivery: every step a letter can take on its way out, and those it cannot."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from dedere.base.identifiers import SeededIdentifiers
from dedere.protocol.delivery import (
    BackOff,
    DeliveryState,
    Late,
    OutgoingDelivery,
    PartnerLine,
    Step,
    Work,
    choose_work,
)
from dedere.protocol.errors import DeliveryError
from support.exchange import NOW, identifier, part_of, plain_letter

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
FILM, SOUND = part_of("film"), part_of("sound")
CHANCE = SeededIdentifiers("delivery")


def queued(word: str = "letter", **changes: object) -> OutgoingDelivery:
    delivery = OutgoingDelivery.queue(plain_letter(id=identifier(word), parts=(FILM, SOUND)), NOW)
    return replace(delivery, **changes)  # type: ignore[arg-type] # names of fields


def delivered() -> OutgoingDelivery:
    return queued().sending().delivered(NOW, received_at=NOW)


def test_a_queued_letter_is_due_at_once_and_its_parts_are_not() -> None:
    delivery = queued()

    assert delivery.letter_due(NOW)
    assert delivery.part_due(NOW) is None
    assert not delivery.is_there


def test_p125_a_receipt_makes_it_delivered_and_its_parts_due() -> None:
    delivery = delivered()

    assert delivery.state is DeliveryState.DELIVERED
    assert not delivery.letter_due(NOW)
    part = delivery.part_due(NOW)
    assert part is not None
    assert part.part == FILM.id
    assert not delivery.complete


def test_p125_a_second_receipt_changes_nothing() -> None:
    delivery = delivered()

    assert delivery.delivered(NOW + MINUTE, received_at=NOW + MINUTE) is delivery


def test_p121_sending_twice_is_refused() -> None:
    with pytest.raises(DeliveryError):
        queued().sending().sending()


def test_p122_a_crash_while_sending_queues_it_again_as_exposed() -> None:
    recovered = queued().sending().recovered(NOW + MINUTE)

    assert recovered.state is DeliveryState.QUEUED
    assert recovered.exposed
    assert recovered.letter_due(NOW + MINUTE)


def test_p122_recovering_anything_else_changes_nothing() -> None:
    delivery = delivered()

    assert delivery.recovered(NOW) is delivery


@pytest.mark.parametrize("failures", range(1, 60))
def test_p123_the_wait_is_between_half_and_all_of_a_doubling_time_and_bounded(failures: int) -> None:
    whole = min(dt.timedelta(minutes=4), 2 * SECOND * 2 ** min(failures - 1, 20))

    wait = BackOff().delay(failures, CHANCE)

    assert whole / 2 <= wait <= whole


def test_p123_tries_never_end() -> None:
    delivery = queued()
    now = NOW
    for _ in range(1000):
        now = delivery.next_try
        assert delivery.letter_due(now)
        delivery = delivery.sending().failed(now, "partner-unreachable", chance=CHANCE, exposed=False)

    assert delivery.state is DeliveryState.QUEUED
    assert delivery.failures == 1000
    assert delivery.next_try - now <= dt.timedelta(minutes=4)


def test_p124_a_code_that_will_never_change_ends_the_delivery() -> None:
    delivery = queued().sending().failed(NOW, "recipient-wrong", chance=CHANCE)

    assert delivery.state is DeliveryState.REFUSED
    assert delivery.last_code == "recipient-wrong"


def test_p124_an_unknown_code_is_tried_again() -> None:
    delivery = queued().sending().failed(NOW, "a-code-of-the-future", chance=CHANCE)

    assert delivery.state is DeliveryState.QUEUED


def test_p124_a_failing_part_never_takes_the_letter_back() -> None:
    delivery = delivered().failed(NOW, "part-length", chance=CHANCE)

    assert delivery.state is DeliveryState.DELIVERED
    assert delivery.part_due(NOW) is None
    assert delivery.part_due(NOW + 5 * SECOND) is not None


@pytest.mark.parametrize("delivery", [queued(), queued(state=DeliveryState.WITHDRAWN)])
def test_p124_what_is_not_under_way_cannot_fail(delivery: OutgoingDelivery) -> None:
    with pytest.raises(DeliveryError):
        delivery.failed(NOW, "facility", chance=CHANCE)


def test_p126_an_acknowledgement_proves_delivery_when_the_receipt_was_lost() -> None:
    delivery = queued().sending().recovered(NOW).acknowledged(NOW + MINUTE)

    assert delivery.state is DeliveryState.ACKNOWLEDGED
    assert delivery.delivered_at == NOW + MINUTE
    assert delivery.acknowledged(NOW + 2 * MINUTE) is delivery
    assert delivery.delivered(NOW + 2 * MINUTE, received_at=NOW) is delivery
    assert delivery.part_due(NOW + MINUTE) is not None


def test_p127_progress_of_a_part_is_kept_and_may_go_back() -> None:
    delivery = delivered().failed(NOW, "facility", chance=CHANCE)

    moved = delivery.part_moved(FILM.id, 100, now=NOW + MINUTE)
    back = moved.part_moved(FILM.id, 0, now=NOW + 2 * MINUTE)

    assert moved.parts[0].offset == 100
    assert (moved.failures, moved.moved_at) == (0, NOW + MINUTE)
    assert back.parts[0].offset == 0
    assert back.moved_at == NOW + MINUTE


def test_p128_the_delivery_is_complete_when_every_part_has_its_receipt() -> None:
    delivery = delivered().part_delivered(FILM.id, now=NOW)
    assert not delivery.complete
    part = delivery.part_due(NOW)
    assert part is not None
    assert part.part == SOUND.id

    delivery = delivery.part_delivered(SOUND.id, now=NOW)

    assert delivery.complete
    assert delivery.part_due(NOW) is None


def test_p129_a_letter_that_never_left_can_be_withdrawn() -> None:
    failed = queued().sending().failed(NOW, "partner-unreachable", chance=CHANCE, exposed=False)

    assert failed.withdrawn(NOW).state is DeliveryState.WITHDRAWN
    assert not failed.withdrawn(NOW).letter_due(NOW + MINUTE)


@pytest.mark.parametrize(
    "delivery",
    [
        queued().sending(),
        queued().sending().recovered(NOW),
        queued().sending().failed(NOW, "partner-unreachable", chance=CHANCE),
        delivered(),
        queued().packed(),
        queued().withdrawn(NOW),
    ],
)
def test_p129_a_letter_that_may_have_left_cannot_be_withdrawn(delivery: OutgoingDelivery) -> None:
    with pytest.raises(DeliveryError):
        delivery.withdrawn(NOW)


def test_p130_packing_exposes_it_and_leaves_it_queued() -> None:
    packed = queued().packed()

    assert packed.exposed
    assert packed.letter_due(NOW)
    assert packed.delivered(NOW, received_at=NOW).is_there


def test_p131_an_officer_may_try_again_at_once() -> None:
    refused = queued().sending().failed(NOW, "recipient-wrong", chance=CHANCE)
    waiting = queued().sending().failed(NOW, "facility", chance=CHANCE)

    assert refused.retried(NOW + MINUTE).letter_due(NOW + MINUTE)
    assert waiting.retried(NOW).letter_due(NOW)


def test_p132_a_letter_that_is_not_delivered_is_late_within_five_minutes() -> None:
    delivery = queued().sending().failed(NOW, "partner-unreachable", chance=CHANCE, exposed=False)

    assert delivery.late(NOW + 3 * MINUTE) is None
    assert delivery.late(NOW + 5 * MINUTE) == Late(delivery.letter, "SN", Step.DELIVERY, NOW, "partner-unreachable")


def test_p132_parts_that_do_not_move_are_late() -> None:
    moving = delivered().part_moved(FILM.id, 10, now=NOW + 4 * MINUTE)

    assert moving.late(NOW + 7 * MINUTE) is None
    late = moving.late(NOW + 8 * MINUTE)
    assert late is not None
    assert late.step is Step.PARTS


def test_p132_no_acknowledgement_for_two_days_is_late() -> None:
    complete = delivered().part_delivered(FILM.id, now=NOW).part_delivered(SOUND.id, now=NOW)

    assert complete.late(NOW + dt.timedelta(days=1)) is None
    late = complete.late(NOW + dt.timedelta(days=2))
    assert late is not None
    assert late.step is Step.ACKNOWLEDGEMENT
    assert complete.acknowledged(NOW).late(NOW + dt.timedelta(days=9)) is None


def test_p132_a_refusal_is_an_alarm_at_once_and_a_withdrawal_is_none() -> None:
    late = queued().sending().failed(NOW, "recipient-wrong", chance=CHANCE).late(NOW)

    assert late is not None
    assert (late.step, late.code) == (Step.REFUSED, "recipient-wrong")
    assert queued().withdrawn(NOW).late(NOW + dt.timedelta(days=9)) is None


def test_p132_three_days_without_the_partner_lose_nothing_and_need_nobody() -> None:
    """The line is probed again and again; once the partner is back, the letter goes within the longest wait."""
    line, delivery, now = PartnerLine("SN"), queued(), NOW
    down_until = NOW + dt.timedelta(hours=72)
    while now < down_until:
        if line.is_open(now) and delivery.letter_due(now):
            delivery = delivery.sending().failed(now, "partner-unreachable", chance=CHANCE, exposed=False)
            line = line.unreachable(now, chance=CHANCE)
        now += 30 * SECOND

    back = max(delivery.next_try, line.next_try or NOW)

    assert back - down_until <= dt.timedelta(minutes=4)
    assert delivery.late(now) is not None


def test_p133_a_line_closes_and_opens_again() -> None:
    line = PartnerLine("SN").unreachable(NOW, chance=CHANCE)

    assert not line.is_open(NOW)
    assert line.is_open(NOW + 2 * SECOND)
    assert line.answered().is_open(NOW)


def of(partner: str, word: str, *, minutes: int = 0) -> OutgoingDelivery:
    at = NOW - minutes * MINUTE
    return queued(word, partner=partner, queued_at=at, next_try=at)


def test_p134_each_partner_gets_its_oldest_letters_up_to_its_room() -> None:
    deliveries = [of("SN", f"letter {number}", minutes=number) for number in range(6)] + [of("MN", "other")]

    work = choose_work(deliveries, {}, now=NOW, letters_each=2)

    assert {each for each in work if each.partner == "SN"} == {
        Work("SN", identifier("letter 5")),
        Work("SN", identifier("letter 4")),
    }
    assert Work("MN", identifier("other")) in work


def test_p134_a_dead_partner_delays_nobody_and_is_probed_with_one() -> None:
    dead = PartnerLine("SN").unreachable(NOW - MINUTE, chance=CHANCE)
    closed = PartnerLine("SN").unreachable(NOW, chance=CHANCE)
    deliveries = [of("SN", "one"), of("SN", "two"), of("MN", "three")]

    probing = choose_work(deliveries, {"SN": dead}, now=NOW)
    silent = choose_work(deliveries, {"SN": closed}, now=NOW)

    assert len([each for each in probing if each.partner == "SN"]) == 1
    assert [each.partner for each in silent] == ["MN"]
    assert Work("MN", identifier("three")) in probing


def test_p134_letters_do_not_wait_behind_parts_and_one_part_goes_at_a_time() -> None:
    there = replace(delivered(), letter=identifier("first"), partner="SN")
    also = replace(delivered(), letter=identifier("second"), partner="SN")

    work = choose_work([there, also, of("SN", "third")], {}, now=NOW)

    assert len([each for each in work if each.part]) == 1
    assert Work("SN", identifier("third")) in work


def test_p134_what_is_under_way_is_not_chosen_again() -> None:
    letter, there = of("SN", "one"), replace(delivered(), letter=identifier("two"))
    busy = frozenset({Work("SN", letter.letter), Work("SN", there.letter, FILM.id)})

    assert choose_work([letter, there], {}, now=NOW, busy=busy) == ()


def test_p134_a_closed_line_probes_with_a_letter_before_any_part() -> None:
    dead = PartnerLine("SN").unreachable(NOW - MINUTE, chance=CHANCE)
    there = replace(delivered(), letter=identifier("first"), queued_at=NOW)

    work = choose_work([of("SN", "one", minutes=1), there], {"SN": dead}, now=NOW)

    assert work == (Work("SN", identifier("one")),)
