"""Words and labels in 23,486 real reviews of a clothing shop; benchmarks/feedback_words.py has the whole table."""

import sys
from pathlib import Path

import adapter
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from benchmarks import feedback_words  # noqa: E402


@pytest.fixture(scope="module")
def reviews():
    path = adapter.real_data() / "clothing_reviews.csv.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not in {path.parent}: set SCM_REAL_DATA to the folder that holds it")
    return feedback_words.read(path)


def test_the_department_is_found_more_often_than_by_plain_means(reviews):
    table, report = feedback_words.accuracy(reviews, 1_500)
    (_name, frequent, _loss, _seconds), (_name, plain, plain_loss, _seconds), (_name, ours, our_loss, _seconds) = table
    assert ours > frequent + 0.2
    assert ours > plain
    assert our_loss < plain_loss
    # what is suggested only when sure is right more often
    sure = next(row for row in report.bars if row["bar"] == 0.8)
    assert sure["accuracy"] > ours
    assert sure["share"] > 0.2


def test_complaints_are_made_of_the_words_that_a_reader_would_expect(reviews):
    found, _cutting, _comparing = feedback_words.complaints(reviews.head(6_000))
    terms = {row.term for row in found}
    assert {"disappointed", "returned", "cheap"} <= terms or {"disappointed", "going_back", "cheap"} <= terms, terms
    assert not {"love", "perfect", "comfortable", "great"} & terms
    for row in found:
        assert row.texts / row.group_texts > row.rest_texts / row.other_texts
