"""Texts cut into words, and words that stand out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scm_kernels.aftersales import chinese, rates, tokens, words


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_simplified_keeps_every_place(text):
    assert len(chinese.simplified(text)) == len(text)
    assert chinese.simplified(chinese.simplified(text)) == chinese.simplified(text)


@settings(max_examples=40)
@given(st.text(max_size=80))
def test_any_text_can_be_cut(text):
    found = tokens.terms(text)
    assert len(found) == len(set(found))
    assert all(" " not in term and term for term in found)
    assert chinese.language(text) in {"en", "zh_hant", "zh_hans", "other"}


def test_both_scripts_share_words():
    assert tokens.terms("拉鍊壞了，顏色不對") == tokens.terms("拉链坏了，颜色不对")
    assert chinese.language("顏色不對") == "zh_hant"
    assert chinese.language("颜色不对") == "zh_hans"


def test_words_end_at_punctuation_and_markup_is_no_word():
    assert "broke_blue" not in tokens.terms("It broke. Blue one")
    assert tokens.terms("<script>alert(1)</script>") == ["script", "alert"]
    assert tokens.terms("") == tokens.terms(None) == []


def test_no_file_is_left_by_the_cutter(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tokens._cutter.cache_clear()
    assert tokens.clauses("尺寸太小") == [["尺寸", "太小"]]
    assert not list(tmp_path.iterdir())


def _slow(count, total, rest, rest_total, prior, prior_total):
    """Equations 16, 20 and 22 of Monroe et al. (2008), term by term."""
    omega_here = (count + prior) / (total + prior_total - count - prior)
    omega_there = (rest + prior) / (rest_total + prior_total - rest - prior)
    variance = 1 / (count + prior) + 1 / (rest + prior)
    return (np.log(omega_here) - np.log(omega_there)) / variance**0.5


@given(st.integers(0, 50), st.integers(60, 900), st.integers(0, 50), st.integers(60, 900), st.floats(0.01, 20))
def test_log_odds_is_the_published_formula(count, total, rest, rest_total, prior):
    ours = words.log_odds(count, total, rest, rest_total, prior, 30.0)
    assert ours == pytest.approx(_slow(count, total, rest, rest_total, prior, 30.0))
    # what stands out here stands back there
    assert ours == pytest.approx(-words.log_odds(rest, rest_total, count, total, prior, 30.0))


@given(st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=40))
def test_q_is_that_of_scipy(p):
    assert rates.benjamini_hochberg(np.array(p)) == pytest.approx(stats.false_discovery_control(p))


def test_counts_and_rest_are_those_of_the_texts():
    texts = ["zip broke zip_broke"] * 9 + ["zip"] * 3 + ["blue"] * 30
    [row] = [row for row in words.standing_out(texts, [0] * 12 + [1] * 30, ["en"] * 42) if row.term == "zip_broke"]
    assert (row.group, row.texts, row.group_texts, row.rest_texts, row.other_texts) == (0, 9, 12, 0, 30)


def test_a_phrase_says_it_for_its_words_and_not_says_nothing_alone():
    texts = ["not work not_work"] * 12 + ["blue"] * 30
    assert [row.term for row in words.standing_out(texts, [0] * 12 + [1] * 30, ["en"] * 42)] == ["not_work", "blue"]


def test_languages_are_not_compared_with_each_other():
    texts = ["zip fine"] * 20 + ["拉链 好"] * 20
    assert words.standing_out(texts, [0] * 20 + [1] * 20, ["en"] * 20 + ["zh"] * 20) == []


def test_texts_without_a_group_count_nowhere():
    texts = ["zip"] * 9 + ["blue"] * 30
    assert words.standing_out(texts, [-1] * 9 + [1] * 30, ["en"] * 39) == []
    assert words.standing_out([], [], []) == []


def _company(rng, effect):
    vocabulary = np.array([f"w{number}" for number in range(300)])
    share = 1 / np.arange(2, 302)
    texts = [" ".join(set(rng.choice(vocabulary, 10, p=share / share.sum()))) for _text in range(300)]
    groups = rng.integers(0, 5, 300)
    if effect:
        planted = (groups == 2) & (rng.random(300) < 0.3)
        texts = [f"{text} zip" if is_planted else text for text, is_planted in zip(texts, planted, strict=True)]
    return words.standing_out(texts, groups, ["en"] * 300)


def test_noise_is_silent_and_a_word_that_was_planted_is_found():
    rng = np.random.default_rng(5)
    assert sum(bool(_company(rng, False)) for _company_ in range(25)) <= 2
    planted = [[(row.group, row.term) for row in _company(rng, True)] for _company_ in range(15)]
    assert sum((2, "zip") in rows for rows in planted) >= 14
