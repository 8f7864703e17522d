"""Words and phrases that stand out in one group of texts against all other texts."""

from typing import NamedTuple

import numpy as np
from scipy import sparse, stats
from sklearn.feature_extraction.text import CountVectorizer

from .rates import benjamini_hochberg

#: pseudo-words of the prior: a tenth of all words, at most so many; they draw small groups toward what is usual
PRIOR = 500.0
PRIOR_SHARE = 0.1
MIN_TEXTS = 5
MAX_FALSE = 0.05
#: a word is not shown beside a phrase that holds it in nearly all of its texts
COVERED = 0.8
#: say something only beside another word; in simplified script
NOT_ALONE = frozenset(
    ("not", "no", "too", "don't", "doesn't", "didn't", "isn't", "wasn't", "can't", "不", "没", "没有", "太", "无")
)


class Standing(NamedTuple):
    """``texts`` of ``group_texts`` in the group have the term, ``rest_texts`` of ``other_texts`` elsewhere."""

    group: int
    term: str
    texts: int
    group_texts: int
    rest_texts: int
    other_texts: int
    z: float
    q: float


def counted(terms):
    """Texts by terms, 1 where a text has a term, and the terms; from terms between blanks (see ``tokens.terms``).

    >>> matrix, names = counted(["zip broke", "zip", "blue"])
    >>> matrix.toarray().tolist(), list(names)
    ([[0, 1, 1], [0, 0, 1], [1, 0, 0]], ['blue', 'broke', 'zip'])
    """
    vectorizer = CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False, binary=True)
    try:
        matrix = vectorizer.fit_transform(terms)
    except ValueError:  # not one term in all texts
        return sparse.csr_matrix((len(terms), 0), dtype=np.int64), np.array([], dtype=object)
    return matrix, vectorizer.get_feature_names_out()


def log_odds(count, total, rest, rest_total, prior, prior_total):
    r"""z of the log-odds ratio of a term in two bodies of text, with an informative Dirichlet prior.

    .. math:: \delta = \ln\frac{y_i + a}{n_i + a_0 - y_i - a} - \ln\frac{y_j + a}{n_j + a_0 - y_j - a},
        \quad \sigma^2 = \frac{1}{y_i + a} + \frac{1}{y_j + a}, \quad z = \delta / \sigma

    Monroe, Colaresi and Quinn (2008), Fightin' Words, eq. 16, 20 and 22. Frequent words everywhere and rare words
    anywhere both come near 0. Arrays of one shape, or numbers.

    >>> round(float(log_odds(30, 1000, 10, 9000, 2.0, 500.0)), 2)
    8.41
    """
    here, there = count + prior, rest + prior
    delta = np.log(here / (total + prior_total - here)) - np.log(there / (rest_total + prior_total - there))
    return delta / np.sqrt(1.0 / here + 1.0 / there)


def standing_out(terms, groups, strata, min_texts=MIN_TEXTS, max_false=MAX_FALSE, top=40):
    """The terms that stand out per group, clearest first.

    A text counts once for a term, however often it repeats it. Each stratum (language) is compared within itself:
    else all Chinese words would stand out of the product that sells in Taiwan. The control of false findings goes
    over all terms of all groups at once.

    :param terms: per text its terms between blanks
    :param groups: int per text; below 0 is in no group and not compared
    :param strata: anything per text; texts are compared with texts of the same
    :param top: at most so many terms per group
    :return: list of :class:`Standing`

    >>> texts = ["zip broke"] * 8 + ["zip fine"] * 2 + ["blue fine"] * 40
    >>> [row.term for row in standing_out(texts, [0] * 10 + [1] * 40, ["en"] * 50)]
    ['zip', 'broke', 'blue', 'fine']
    """
    groups, strata = np.asarray(groups, dtype=np.int64), np.asarray(strata)
    cells = []
    for stratum in np.unique(strata[groups >= 0]) if len(groups) else ():
        chosen = np.flatnonzero((strata == stratum) & (groups >= 0))
        cells += _cells([terms[at] for at in chosen], groups[chosen], min_texts)
    q = benjamini_hochberg(stats.norm.sf(np.array([cell[6] for cell in cells])))
    rows = [Standing(*cell, float(value)) for cell, value in zip(cells, q, strict=True) if value <= max_false]
    rows.sort(key=lambda row: (row.group, -row.z, row.term))
    return _best(rows, top)


def _cells(terms, groups, min_texts):
    """Group and term together, each with its counts and z, of one stratum."""
    matrix, names = counted(terms)
    keys, place = np.unique(groups, return_inverse=True)
    if matrix.shape[1] == 0 or len(keys) < 2:
        return []
    member = sparse.csr_matrix((np.ones(len(place), dtype=np.int64), (place, np.arange(len(place)))))
    counts = (member @ matrix).tocoo()
    of_term, of_group = np.asarray(matrix.sum(axis=0)).ravel(), np.asarray(counts.tocsr().sum(axis=1)).ravel()
    whole, texts = of_term.sum(), np.bincount(place)
    enough = counts.data >= min_texts
    row, col, y = counts.row[enough], counts.col[enough], counts.data[enough]
    prior = min(PRIOR, PRIOR_SHARE * whole)
    z = log_odds(y, of_group[row], of_term[col] - y, whole - of_group[row], prior * of_term[col] / whole, prior)
    return [
        (int(keys[g]), str(names[t]), int(n), int(texts[g]), int(of_term[t] - n), int(len(place) - texts[g]), float(s))
        for g, t, n, s in zip(row, col, y, z, strict=True)
    ]


def _best(rows, top):
    """At most ``top`` rows per group, without words that a phrase says better. ``rows`` are sorted."""
    phrases = {}
    for row in rows:
        for word in row.term.split("_") if "_" in row.term else ():
            key = (row.group, word)
            phrases[key] = max(phrases.get(key, 0), row.texts)
    result, taken = [], {}
    for row in rows:
        covered = "_" not in row.term and phrases.get((row.group, row.term), 0) >= COVERED * row.texts
        if row.term not in NOT_ALONE and not covered and taken.get(row.group, 0) < top:
            taken[row.group] = taken.get(row.group, 0) + 1
            result.append(row)
    return result
