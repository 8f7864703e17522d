"""Which reason a free text gives, with a probability: learnt from labelled texts, measured on texts not learnt from.

Words, phrases and pieces of words weighted by TF-IDF (Salton and Buckley 1988), multinomial logistic regression on
them, their scores calibrated by one temperature (Guo et al. 2017), the probability of the first guess by two more
numbers (Platt 1999). What was learnt is numbers in JSON, never code: reading it back can only compute.
"""

import base64
import math
import warnings
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import optimize, special
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from .rates import wilson
from .tokens import STOP, clauses, grams, terms

MAX_FEATURES = 8_000
#: inverse strength of the regularisation; the accuracy on the shipped examples is flat from 5 to 50
INVERSE_PENALTY = 20.0
FOLDS = 5
#: bars for which the report says how often something would be suggested, and how often rightly
BARS = tuple(round(0.05 * step, 2) for step in range(4, 20))
#: learnt from texts that mean no reason at all; never suggested
NONE = "none"


def features(text):
    """What a text is known by: its words and phrases, and the pieces of its words."""
    return [f"w {term}" for term in terms(text)] + grams(text)


@dataclass(frozen=True)
class ReasonModel:
    """``coefficients`` (features, classes) on TF-IDF vectors of length 1; ``temperature`` divides the scores.

    ``platt``: of the log-odds of the first guess, what to add and by what to multiply them.
    """

    classes: tuple
    vocabulary: dict
    idf: np.ndarray
    coefficients: np.ndarray
    intercept: np.ndarray
    temperature: float = 1.0
    platt: tuple = (0.0, 1.0)

    def weigh(self, text):
        """Places and TF-IDF weights of the features of a text that are known."""
        counts = {}
        for feature in features(text):
            at = self.vocabulary.get(feature)
            if at is not None:
                counts[at] = counts.get(at, 0) + 1
        at = np.fromiter(counts, dtype=np.int64, count=len(counts))
        weight = (1.0 + np.log(np.fromiter(counts.values(), dtype=float, count=len(counts)))) * self.idf[at]
        length = math.sqrt(float(weight @ weight))
        return at, weight / length if length else weight

    def probabilities(self, text):
        """Probability per class; all alike where nothing in the text is known."""
        at, weight = self.weigh(text)
        if not len(at):
            return np.full(len(self.classes), 1.0 / len(self.classes))
        return special.softmax((weight @ self.coefficients[at] + self.intercept) / self.temperature)

    def suggest(self, text):
        """``(class, probability, [(word, share of the score), ...])``; the words are those that spoke for it most."""
        at, weight = self.weigh(text)
        chances = self.probabilities(text)
        best = int(np.argmax(chances))
        sure = float(calibrated(chances[best], self.platt))
        if not len(at):
            return NONE, sure, []
        # against the mean of all classes: what speaks for every reason alike explains nothing
        lift = weight * (self.coefficients[at, best] - self.coefficients[at].mean(axis=1))
        return self.classes[best], sure, self._speaking(text, dict(zip(at.tolist(), lift, strict=True)))

    def _speaking(self, text, lift, top=4):
        """The words of a text with their shares in what spoke for the answer, pieces and phrases counted to words."""
        words = {}
        for word in dict.fromkeys(word for part in clauses(text) for word in part if word not in STOP):
            own = sum(lift.get(self.vocabulary.get(feature), 0.0) for feature in features(word))
            if own > 0:
                words[word] = float(own)
        total = sum(words.values())
        return [(word, own / total) for word, own in sorted(words.items(), key=lambda pair: -pair[1])[:top]]

    def to_json(self):
        """A dict that JSON can hold; numbers as base64 of 32-bit floats."""
        return {
            "classes": list(self.classes),
            "vocabulary": sorted(self.vocabulary, key=self.vocabulary.get),
            "idf": _packed(self.idf),
            "coefficients": _packed(self.coefficients),
            "intercept": _packed(self.intercept),
            "temperature": float(self.temperature),
            "platt": [float(value) for value in self.platt],
        }

    @classmethod
    def from_json(cls, data):
        """The model of :meth:`to_json`."""
        classes, names = tuple(data["classes"]), data["vocabulary"]
        return cls(
            classes,
            {name: at for at, name in enumerate(names)},
            _unpacked(data["idf"], (len(names),)),
            _unpacked(data["coefficients"], (len(names), len(classes))),
            _unpacked(data["intercept"], (len(classes),)),
            float(data["temperature"]),
            tuple(data["platt"]),
        )


def _packed(array):
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def _unpacked(text, shape):
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(float).reshape(shape)


def learn(texts, labels, weights=None):
    """A :class:`ReasonModel` of texts with their reasons; ``weights`` per text, 1 if none are given.

    >>> model = learn(["too small for me", "much too small"] * 3 + ["zip is broken", "it broke"] * 3,
    ...               ["small"] * 6 + ["broken"] * 6)
    >>> model.suggest("it is really too small")[0]
    'small'
    """
    return _learn([features(text) for text in texts], np.asarray(labels), weights)[1]


def _as_it_is(known):
    return known


def _learn(known, labels, weights):
    """The vectorizer and the model of texts given by their features."""
    vectorizer = TfidfVectorizer(analyzer=_as_it_is, sublinear_tf=True, min_df=2, max_features=MAX_FEATURES)
    matrix = vectorizer.fit_transform(known)
    return vectorizer, _fit(vectorizer, matrix, labels, weights)


def _fit(vectorizer, matrix, labels, weights):
    classifier = LogisticRegression(C=INVERSE_PENALTY, max_iter=200, tol=1e-3)
    classifier.fit(matrix, labels, sample_weight=weights)
    coefficients, intercept = classifier.coef_, classifier.intercept_
    if len(classifier.classes_) == 2:  # one row is kept for two classes
        coefficients, intercept = np.vstack([-coefficients, coefficients]) / 2.0, np.array([-1.0, 1.0]) * intercept / 2
    vocabulary = {name: int(at) for name, at in vectorizer.vocabulary_.items()}
    return ReasonModel(
        tuple(str(name) for name in classifier.classes_), vocabulary, vectorizer.idf_, coefficients.T, intercept
    )


@dataclass(frozen=True)
class Report:
    """How well a way of learning does on texts that it did not learn from; rates are shares of ``texts``."""

    texts: int
    accuracy: float
    low: float
    high: float
    base: float
    log_loss: float
    temperature: float
    classes: list = field(default_factory=list)
    confusions: list = field(default_factory=list)
    bars: list = field(default_factory=list)
    calibration: list = field(default_factory=list)


def learn_and_measure(texts, labels, weights=None, groups=None, tested=None, seed=0):
    """The model of all texts and its :class:`Report` by cross-validation.

    :param groups: texts of one group (the same words, the same thought in another language) are never in both the
        part that is learnt from and the part that is tested
    :param tested: bool per text; the others are learnt from in every fold and never tested. All by default
    :return: ``(model, report)``
    """
    labels = np.asarray(labels)
    weights = np.ones(len(labels)) if weights is None else np.asarray(weights, dtype=float)
    groups = np.arange(len(labels)) if groups is None else np.unique(groups, return_inverse=True)[1]
    tested = np.ones(len(labels), dtype=bool) if tested is None else np.asarray(tested, dtype=bool)
    classes, known = np.unique(labels), [features(text) for text in texts]
    scores = np.zeros((len(labels), len(classes)))
    done = np.zeros(len(labels), dtype=bool)
    for rest, part in _folds(labels, groups, tested, seed):
        learnt, judged = [known[at] for at in rest], [known[at] for at in part]
        scores[part] = _scores(learnt, labels[rest], weights[rest], judged, classes)
        done[part] = True
    truth = np.searchsorted(classes, labels[done])
    temperature = _temperature(scores[done], truth)
    chances = special.softmax(scores[done] / temperature, axis=1)
    platt = _platt(chances.max(axis=1), chances.argmax(axis=1) == truth)
    model = replace(_learn(known, labels, weights)[1], temperature=temperature, platt=platt)
    return model, measure(chances, truth, classes, temperature, platt)


def _folds(labels, groups, tested, seed):
    """Pairs of places: learnt from, tested."""
    places, always = np.flatnonzero(tested), np.flatnonzero(~tested)
    count = min(FOLDS, len(np.unique(groups[places])))
    if count < 2:
        return
    split = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a reason with fewer texts than folds is missing from some
        parts = list(split.split(places, labels[places], groups[places]))
    for rest, part in parts:
        # words that the company's texts share with an example that is always learnt from are no proof
        known = ~np.isin(groups[always], groups[places[part]])
        yield np.concatenate([places[rest], always[known]]), places[part]


def _scores(known, labels, weights, tested, classes):
    """Scores (texts, classes) of texts by what was learnt from others; a class that they lack has a low one."""
    vectorizer, model = _learn(known, labels, weights)
    found = vectorizer.transform(tested) @ model.coefficients + model.intercept
    scores = np.full((len(tested), len(classes)), found.min() - 5.0)
    scores[:, np.searchsorted(classes, np.array(model.classes))] = found
    return scores


def _temperature(scores, truth):
    """The temperature by which the scores fit best what was true: Guo et al. (2017), sec. 4.2."""

    def loss(log_temperature):
        return _log_loss(special.log_softmax(scores / math.exp(log_temperature), axis=1), truth)

    return float(math.exp(optimize.minimize_scalar(loss, bounds=(-4.0, 3.0), method="bounded").x))


def calibrated(sure, platt):
    """Probability of a first guess, from what the scores say of it: Platt (1999) on its log-odds.

    >>> round(float(calibrated(0.9, (0.0, 0.5))), 3)
    0.75
    """
    shift, slope = platt
    return special.expit(shift + slope * special.logit(np.clip(sure, 1e-6, 1 - 1e-6)))


def _platt(sure, right):
    """The two numbers of :func:`calibrated` that fit best; Platt's targets keep a clean sweep from being certain."""
    target = np.where(right, (right.sum() + 1.0) / (right.sum() + 2.0), 1.0 / ((~right).sum() + 2.0))

    def loss(values):
        # the slope as a power of e: a surer guess is never less probable
        chance = np.clip(calibrated(sure, (values[0], math.exp(values[1]))), 1e-9, 1 - 1e-9)
        return -float(np.mean(target * np.log(chance) + (1 - target) * np.log(1 - chance)))

    found = optimize.minimize(loss, [0.0, 0.0], method="Nelder-Mead").x
    return float(found[0]), float(math.exp(found[1]))


def _log_loss(logs, truth):
    return float(-logs[np.arange(len(truth)), truth].mean())


def measure(chances, truth, classes, temperature=1.0, platt=(0.0, 1.0)):
    """The :class:`Report` of probabilities (texts, classes) where ``truth`` holds the place of the right class.

    >>> report = measure(np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]), np.array([0, 1, 1]), ["a", "b"])
    >>> round(report.accuracy, 3), round(report.log_loss, 3), report.confusions
    (0.667, 0.415, [['b', 'a', 1]])
    """
    said, sure = chances.argmax(axis=1), calibrated(chances.max(axis=1), platt)
    right = said == truth
    low, high = wilson(int(right.sum()), len(right))
    return Report(
        texts=len(right),
        accuracy=float(right.mean()),
        low=low,
        high=high,
        base=float(np.bincount(truth).max() / len(truth)),
        log_loss=_log_loss(np.log(np.clip(chances, 1e-12, 1.0)), truth),
        temperature=temperature,
        classes=_per_class(said, truth, classes),
        confusions=_confusions(said, truth, classes),
        bars=_per_bar(said, sure, right, classes),
        calibration=_calibration(sure, right),
    )


def _per_class(said, truth, classes):
    rows = []
    for at, name in enumerate(classes):
        is_true, is_said = truth == at, said == at
        both = int((is_true & is_said).sum())
        rows.append(
            {
                "code": str(name),
                "texts": int(is_true.sum()),
                "precision": both / int(is_said.sum()) if is_said.any() else 0.0,
                "recall": both / int(is_true.sum()) if is_true.any() else 0.0,
            }
        )
    return rows


def _confusions(said, truth, classes, top=12):
    wrong = said != truth
    pairs, counts = np.unique(np.stack([truth[wrong], said[wrong]]), axis=1, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:top]
    return [[str(classes[pairs[0, at]]), str(classes[pairs[1, at]]), int(counts[at])] for at in order]


def _per_bar(said, sure, right, classes):
    """Per bar: the share of texts for which something would be suggested, and how many of those rightly."""
    speaks = np.asarray(classes)[said] != NONE
    rows = []
    for bar in BARS:
        above = speaks & (sure >= bar)
        rows.append(
            {
                "bar": bar,
                "share": float(above.mean()),
                "accuracy": float(right[above].mean()) if above.any() else 0.0,
                "texts": int(above.sum()),
            }
        )
    return rows


def _calibration(sure, right, bins=10):
    """Per tenth of probability: what was said, what came true, texts."""
    at = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        {"said": float(sure[at == k].mean()), "true": float(right[at == k].mean()), "texts": int((at == k).sum())}
        for k in range(bins)
        if (at == k).any()
    ]
