"""The folder of reviews in a home: records with their signatures, and the signed list that misses what is taken away."""

from __future__ import annotations

import base64
import datetime as dt
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import FacilityError
from dedere.treaty.errors import ReviewError
from dedere.treaty.review import Review, StoredReview, StoredReviews, opened, store_review, stored_reviews
from dedere.treaty.review_index import ReviewIndex, open_index
from support.lawbook import NOW
from support.reviewers import Reviewers, check, signed

if TYPE_CHECKING:
    from pathlib import Path

PROVISION, GROUND, LIMIT = "lhc/ext.scope", "lhc/ext.ground.national", "lhc/limit.withdrawal"


@pytest.fixture
def reviewers() -> Reviewers:
    return Reviewers()


def test_records_are_stored_with_their_signature_and_read_oldest_first(reviewers: Reviewers, tmp_path: Path) -> None:
    folder = tmp_path / "reviews"
    later = reviewers.review(PROVISION, at=NOW + dt.timedelta(days=1))
    early = reviewers.review(LIMIT, "45 days")
    for review in (later, early):
        store_review(folder, review, sign=signed)
    assert opened(stored_reviews(folder), check=check) == (early, later)
    assert {path.name for path in (folder / later.id).iterdir()} == {"review.json", "review.p7s"}


def test_no_folder_means_no_reviews(tmp_path: Path) -> None:
    assert stored_reviews(tmp_path / "reviews") == StoredReviews()
    assert opened(StoredReviews(), check=check) == ()


def test_a_hand_edited_record_is_refused_in_one_sentence(reviewers: Reviewers, tmp_path: Path) -> None:
    review = reviewers.review(PROVISION, "50")
    path = store_review(tmp_path, review, sign=signed) / "review.json"
    path.write_bytes(path.read_bytes().replace(b'"50"', b'"51"'))
    with pytest.raises(ReviewError, match=rf"{review.id}/review.json was changed after it was signed"):
        opened(stored_reviews(tmp_path), check=check)


def test_a_record_without_its_signature_is_refused_and_the_reverse(reviewers: Reviewers, tmp_path: Path) -> None:
    review = reviewers.review(PROVISION)
    folder = store_review(tmp_path, review, sign=signed)
    (folder / "review.p7s").unlink()
    with pytest.raises(ReviewError, match="has no signature"):
        opened(stored_reviews(tmp_path), check=check)
    (folder / "review.json").unlink()
    with pytest.raises(ReviewError, match=r"review\.json is missing or cannot be read"):
        stored_reviews(tmp_path)


def test_a_record_is_stored_once(reviewers: Reviewers, tmp_path: Path) -> None:
    review = reviewers.review(PROVISION)
    path = store_review(tmp_path, review, sign=signed)
    with pytest.raises(ReviewError, match="is stored already"):
        store_review(tmp_path, review, sign=signed)
    stored = StoredReview(path.name, review.to_bytes(), signed(review.to_bytes()))
    with pytest.raises(ReviewError, match="repeats the record"):
        opened(StoredReviews((stored, stored), stored_reviews(tmp_path).index), check=check)


def test_a_folder_that_cannot_be_written_or_read_is_said(reviewers: Reviewers, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(FacilityError, match="The review cannot be written"):
        store_review(blocked / "reviews", reviewers.review(PROVISION), sign=signed)
    (tmp_path / "odd" / "review.json").mkdir(parents=True)
    with pytest.raises(ReviewError, match=r"odd/review\.json is missing or cannot be read"):
        stored_reviews(tmp_path)


def test_other_files_and_what_a_crash_left_are_no_reviews(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("")
    (tmp_path / ".half").mkdir()
    assert stored_reviews(tmp_path) == StoredReviews()


@pytest.fixture
def kept(reviewers: Reviewers, tmp_path: Path) -> tuple[Path, list[Review]]:
    """A folder with a review, its withdrawal and another review."""
    review = reviewers.review(PROVISION)
    made = [review, reviewers.withdrawal(review), reviewers.review(LIMIT, "45 days")]
    for each in made:
        store_review(tmp_path, each, sign=signed)
    return tmp_path, made


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_record_that_is_taken_away_is_missed_the_last_one_too(kept: tuple[Path, list[Review]], number: int) -> None:
    folder, made = kept
    shutil.rmtree(folder / made[number].id)
    with pytest.raises(ReviewError, match=rf"{made[number].id} is on the signed list of all reviews and is not there"):
        opened(stored_reviews(folder), check=check)


def test_the_list_itself_cannot_be_taken_away_or_changed(kept: tuple[Path, list[Review]]) -> None:
    folder, made = kept
    index = folder / "index.json"
    whole = index.read_bytes()
    index.unlink()
    with pytest.raises(ReviewError, match="the signed list of all reviews, is gone"):
        opened(stored_reviews(folder), check=check)
    index.write_bytes(whole.replace(made[0].id.encode(), made[1].id[::-1].encode()))
    with pytest.raises(ReviewError, match=r"index\.json"):
        opened(stored_reviews(folder), check=check)
    for data in (b"", b"[]", b"{}", b'{"list": 1}', b'{"list": "{}", "signature": "!"}', b"[" * 100_000):
        index.write_bytes(data)
        with pytest.raises(ReviewError, match=r"index\.json is no list of reviews"):
            opened(stored_reviews(folder), check=check)
    content = b'{"records":{},"version":"dedere-review-index/2"}'
    stored = {"list": content.decode(), "signature": base64.b64encode(signed(content)).decode()}
    index.write_text(json.dumps(stored))
    with pytest.raises(ReviewError, match="no list of reviews of version dedere-review-index/1"):
        opened(stored_reviews(folder), check=check)
    index.write_bytes(whole)
    assert len(opened(stored_reviews(folder), check=check)) == 3


def test_another_record_in_the_place_of_one_is_noticed(kept: tuple[Path, list[Review]]) -> None:
    folder, made = kept
    other = replace(made[0], note="Something else.")
    (folder / made[0].id / "review.json").write_bytes(other.to_bytes())
    (folder / made[0].id / "review.p7s").write_bytes(signed(other.to_bytes()))
    with pytest.raises(ReviewError, match="is another than the one on the signed list"):
        opened(stored_reviews(folder), check=check)


def test_a_record_brought_from_another_home_counts_and_is_listed_with_the_next(
    kept: tuple[Path, list[Review]], reviewers: Reviewers
) -> None:
    folder, made = kept
    brought = reviewers.review(GROUND, "may")
    shutil.copytree(store_review(folder / ".elsewhere" / "reviews", brought, sign=signed), folder / brought.id)
    shutil.rmtree(folder / ".elsewhere")
    assert brought in opened(stored_reviews(folder), check=check)
    store_review(folder, reviewers.review("lhc/temporal", "covered"), sign=signed)
    shutil.rmtree(folder / brought.id)
    with pytest.raises(ReviewError, match=brought.id):
        opened(stored_reviews(folder), check=check)
    assert len(made) == 3


def test_a_crash_at_any_write_leaves_a_record_whole_or_none(kept: tuple[Path, list[Review]]) -> None:
    """The order: record and signature in a folder with a dot, then the list, then the folder's name."""
    folder, made = kept
    last = folder / made[2].id
    partial = last.rename(folder / f".{made[2].id}")
    assert len(opened(stored_reviews(folder), check=check)) == 3, "listed, and the name is still to come"
    index = open_index((folder / "index.json").read_bytes(), check=check)
    earlier = ReviewIndex({key: value for key, value in index.digests.items() if key != made[2].id})
    (folder / "index.json").write_bytes(earlier.to_bytes(signed))
    assert opened(stored_reviews(folder), check=check) == tuple(sorted(made[:2], key=lambda each: (each.at, each.id)))
    (partial / "review.p7s").unlink()
    assert len(opened(stored_reviews(folder), check=check)) == 2, "not even signed yet"
    (folder / "index.json.new").write_bytes(b"half")
    assert len(opened(stored_reviews(folder), check=check)) == 2
