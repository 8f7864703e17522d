"""Reasons learnt from texts: the same as scikit-learn says, tested on what was not learnt, honest when unsure."""

import json

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss

from scm_kernels.aftersales import reason_examples, reason_model

SMALL = ["too small for me", "much too small", "small and tight", "smaller than my size", "too small and too tight"]
BROKE = ["it broke", "the zip broke", "broken after a week", "stopped and broke", "cable broke at once"]
BLUE = ["ordered blue, got green", "colour is wrong", "green instead of blue", "wrong colour sent", "not the blue one"]


def _texts():
    return SMALL + BROKE + BLUE, ["small"] * 5 + ["broke"] * 5 + ["colour"] * 5


@pytest.fixture(scope="module")
def seeds():
    rows = reason_examples.examples()
    learnt = reason_model.learn_and_measure(
        [row.text for row in rows], [row.reason for row in rows], groups=[row.thought for row in rows]
    )
    return rows, *learnt


def test_probabilities_are_those_of_scikit_learn():
    texts, labels = _texts()
    model = reason_model.learn(texts, labels)
    vectorizer = TfidfVectorizer(analyzer=reason_model.features, sublinear_tf=True, min_df=2, max_features=8000)
    matrix = vectorizer.fit_transform(texts)
    reference = LogisticRegression(C=reason_model.INVERSE_PENALTY, max_iter=200, tol=1e-3).fit(matrix, labels)
    for text in ("the zip is broken", "太小", "so small", ""):
        expected = reference.predict_proba(vectorizer.transform([text]))[0]
        if vectorizer.transform([text]).nnz:
            assert model.probabilities(text) == pytest.approx(expected, abs=1e-6)
        else:
            assert model.suggest(text)[0] == reason_model.NONE


def test_two_reasons_are_as_good_as_many():
    texts, labels = SMALL + BROKE, ["small"] * 5 + ["broke"] * 5
    model = reason_model.learn(texts, labels)
    vectorizer = TfidfVectorizer(analyzer=reason_model.features, sublinear_tf=True, min_df=2, max_features=8000)
    reference = LogisticRegression(C=reason_model.INVERSE_PENALTY, max_iter=200, tol=1e-3)
    reference.fit(vectorizer.fit_transform(texts), labels)
    expected = reference.predict_proba(vectorizer.transform(["it broke again"]))[0]
    assert model.probabilities("it broke again") == pytest.approx(expected, abs=1e-6)


def test_it_goes_through_json_and_holds_no_code(seeds):
    _rows, model, _report = seeds
    text = json.dumps(model.to_json())
    assert len(text) < 2_000_000
    again = reason_model.ReasonModel.from_json(json.loads(text))
    for words in ("The zip broke after a week", "顏色不對"):
        assert again.probabilities(words) == pytest.approx(model.probabilities(words), abs=1e-4)


def test_words_explain_the_answer(seeds):
    _rows, model, _report = seeds
    code, probability, words = model.suggest("The zip broke after two days of use")
    assert (code, probability > 0.6) == ("broke_soon", True)
    assert {"broke", "days"} <= {word for word, _share in words}
    assert sum(share for _word, share in words) <= 1 + 1e-9


def test_examples_are_enough_in_three_languages_and_none_is_there_twice():
    rows = reason_examples.examples()
    counts = {}
    for row in rows:
        counts[row.reason, row.language] = counts.get((row.reason, row.language), 0) + 1
    assert min(counts.values()) >= 10
    assert len(counts) == 3 * 23
    english = [row.text.lower() for row in rows if row.language == "en"]
    assert len(set(english)) == len(english)


def test_report_is_of_texts_that_were_not_learnt(seeds):
    rows, _model, report = seeds
    assert report.texts == len(rows)
    assert 0.45 < report.accuracy < 0.75, "ten times better than guessing, and no miracle"
    assert report.base < 0.06
    assert report.low < report.accuracy < report.high
    above = next(row for row in report.bars if row["bar"] == 0.6)
    assert above["accuracy"] > report.accuracy
    # calibrated: what is said to be so sure is right so often, on average within five points
    gaps = [abs(row["said"] - row["true"]) * row["texts"] for row in report.calibration]
    assert sum(gaps) / report.texts < 0.05


def test_the_same_words_are_never_learnt_and_tested():
    # labels by chance: whoever has seen a text twice would be right
    rng = np.random.default_rng(3)
    texts = ["".join(rng.choice(list("abcdefgh "), 14)) for _ in range(60)]
    labels = [str(label) for label in rng.integers(0, 2, 60)]
    _model, report = reason_model.learn_and_measure(texts * 3, labels * 3, groups=list(range(60)) * 3)
    assert report.accuracy < 0.7
    _model, report = reason_model.learn_and_measure(texts * 3, labels * 3)
    assert report.accuracy > 0.9


def test_texts_that_are_only_learnt_from_are_not_tested():
    texts, labels = _texts()
    _model, report = reason_model.learn_and_measure(
        texts * 2, labels * 2, groups=list(range(30)), tested=[True] * 15 + [False] * 15
    )
    assert report.texts == 15


def test_measures_are_those_of_scikit_learn():
    rng = np.random.default_rng(2)
    chances = rng.dirichlet(np.ones(4), 200)
    truth = rng.integers(0, 4, 200)
    report = reason_model.measure(chances, truth, list("abcd"))
    assert report.accuracy == pytest.approx(accuracy_score(truth, chances.argmax(axis=1)))
    assert report.log_loss == pytest.approx(log_loss(truth, chances))
    assert sum(row["texts"] for row in report.classes) == 200
    assert sum(row["texts"] for row in report.calibration) == 200


def test_wilson_holds_the_share_and_stays_in_bounds():
    for right, count in ((0, 0), (0, 7), (7, 7), (3, 9)):
        low, high = reason_model.wilson(right, count)
        assert 0 <= low <= (right / count if count else 0.5) <= high <= 1
