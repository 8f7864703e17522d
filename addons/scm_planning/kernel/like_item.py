"""Which grown item a new item resembles: a similarity score with its terms, for thousands of candidates at once.

    score(a, b) = sum_k w_k s_k(a, b) / sum_k w_k        over the terms k that are known of both

* category:   2 x shared ancestors / (ancestors of a + ancestors of b), the category itself included (Dice 1945)
* attributes: shared values / values of either (Jaccard 1912)
* name:       cosine of the name tokens weighted by ln(1 + N / df) (Salton and Buckley 1988)
* price:      exp(-|ln(price_a / price_b)| / ln 2): half the price or twice is exp(-1)

A term that one side lacks (no price, no attribute) is left out of both sums, so that it neither helps nor harms.
Which candidates are offered (enough history, still sold) is the caller's choice.
"""

import re
from dataclasses import dataclass

import numpy as np
from scipy import sparse

TERMS = ("category", "attributes", "name", "price")
WEIGHTS = {"category": 0.4, "attributes": 0.2, "name": 0.25, "price": 0.15}
PRICE_SCALE = float(np.log(2))
CHUNK = 256
TOKEN = re.compile(r"[^\W\d_]{2,}|\d+")


@dataclass(frozen=True)
class Features:
    """What is known of m items; sparse tables have one column per category, attribute value or token.

    :param category: float csr (m, c), 1 where the column's category is the item's or an ancestor of it
    :param attributes: float csr (m, a), 1 where the item has the value
    :param tokens: float csr (m, t), 1 where the token is in its name
    :param price: float (m,), in one currency; 0 = not known
    """

    category: sparse.csr_matrix
    attributes: sparse.csr_matrix
    tokens: sparse.csr_matrix
    price: np.ndarray

    def take(self, rows):
        return Features(self.category[rows], self.attributes[rows], self.tokens[rows], self.price[rows])


def tokens_of(name):
    """Words and numbers of a name in lower case, once each.

    >>> tokens_of("Mug, blue - 30 cl (Mug)")
    ['30', 'blue', 'cl', 'mug']
    """
    return sorted(set(TOKEN.findall((name or "").lower())))


def features(categories, attributes, names, prices):
    """:class:`Features` of items given as lists: of category ids, of attribute value ids, of names; prices (m,)."""
    return Features(
        _table(categories), _table(attributes), _table([tokens_of(name) for name in names]), np.asarray(prices, float)
    )


def _table(lists):
    """Sparse 0/1 table of lists of labels."""
    counts = [len(entries) for entries in lists]
    labels = [label for entries in lists for label in entries]
    _unique, column = np.unique(np.array(labels) if labels else np.zeros(0, int), return_inverse=True)
    row = np.repeat(np.arange(len(lists)), counts)
    shape = (len(lists), max(int(column.max()) + 1 if len(column) else 0, 1))
    table = sparse.csr_matrix((np.ones(len(labels)), (row, column.ravel())), shape=shape)
    table.data[:] = 1.0
    return table


def propose(every, new, grown, top=3):
    """The grown items most like each new one.

    :param every: :class:`Features` of all items
    :param new: int (k,), rows of the new items
    :param grown: int (g,), rows of the candidates; a new item is never its own candidate
    :param top: how many per new item
    :returns: ``(row, score, terms)``: int (k, top) rows of the candidates, best first, -1 = none;
        float (k, top); float (k, top, 4) in the order of :data:`TERMS`, NaN = not known

    A blue mug of 9 is like the red mug of 10 rather than like the kettle:

    >>> three = features([[1, 2], [1, 2], [1, 3]], [[], [], []], ["Mug blue", "Mug red", "Kettle"], [9, 10, 40])
    >>> row, score, terms = propose(three, np.array([0]), np.array([1, 2]), top=2)
    >>> row.tolist(), score.round(2).tolist(), terms[0, 0].round(2).tolist()
    ([[1, 2]], [[0.76, 0.27]], [1.0, nan, 0.3, 0.86])
    """
    new, grown = np.asarray(new, int), np.asarray(grown, int)
    row = np.full((len(new), top), -1)
    score, terms = np.zeros((len(new), top)), np.full((len(new), top, len(TERMS)), np.nan)
    if not len(grown):
        return row, score, terms
    weighted = _weighted_tokens(every.tokens)
    for start in range(0, len(new), CHUNK):
        part = new[start : start + CHUNK]
        table = _terms(every, weighted, part, grown)
        total = _total(table)
        total[part[:, None] == grown[None, :]] = -1.0
        best = _best(total, top)
        place = np.arange(len(part))[:, None]
        found = total[place, best] >= 0
        slot = slice(start, start + len(part)), slice(best.shape[1])
        row[slot] = np.where(found, grown[best], -1)
        score[slot] = np.where(found, total[place, best], 0.0)
        terms[slot] = np.where(found[..., None], np.moveaxis(table[:, place, best], 0, -1), np.nan)
    return row, score, terms


def pair_scores(every, first, second):
    """Score of given pairs, float (k,).

    >>> three = features([[1, 2], [1, 2], [1, 3]], [[], [], []], ["Mug blue", "Mug red", "Kettle"], [9, 10, 40])
    >>> pair_scores(three, np.array([0, 0]), np.array([1, 2])).round(2).tolist()
    [0.76, 0.27]
    """
    first, second = np.asarray(first, int), np.asarray(second, int)
    weighted = _weighted_tokens(every.tokens)
    score = np.zeros(len(first))
    for start in range(0, len(first), CHUNK):
        part = slice(start, start + CHUNK)
        # of the square table of a chunk the diagonal holds the pairs
        score[part] = np.diagonal(_total(_terms(every, weighted, first[part], second[part])))
    return score


def _terms(every, weighted, part, grown):
    """Similarity by term, float (4, k, g)."""
    return np.stack(
        [
            _overlap(every.category, part, grown, dice=True),
            _overlap(every.attributes, part, grown, dice=False),
            _cosine(weighted, part, grown),
            _price(every.price[part], every.price[grown]),
        ]
    )


def _total(table):
    weight = np.array([WEIGHTS[name] for name in TERMS])[:, None, None] * np.isfinite(table)
    known = weight.sum(0)
    return np.where(known > 0, np.nansum(table * weight, axis=0) / np.maximum(known, 1e-12), 0.0)


def _overlap(table, part, grown, dice):
    """Dice or Jaccard index of two sets of rows; NaN where one of the two has no entry."""
    first, second = table[part], table[grown]
    shared = np.asarray((first @ second.T).todense())
    own, other = (np.asarray(rows.sum(axis=1)).ravel() for rows in (first, second))
    both = own[:, None] + other[None, :]
    index = 2 * shared / np.maximum(both, 1) if dice else shared / np.maximum(both - shared, 1)
    return np.where((own[:, None] > 0) & (other[None, :] > 0), index, np.nan)


def _weighted_tokens(tokens):
    """Rows of length 1, rare tokens weigh more."""
    frequency = np.asarray(tokens.sum(axis=0)).ravel()
    idf = np.log1p(tokens.shape[0] / np.maximum(frequency, 1))
    weighted = tokens @ sparse.diags(idf)
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(length, 1e-12)) @ weighted


def _cosine(weighted, part, grown):
    first, second = weighted[part], weighted[grown]
    named = (np.diff(first.tocsr().indptr) > 0)[:, None] & (np.diff(second.tocsr().indptr) > 0)[None, :]
    return np.where(named, np.asarray((first @ second.T).todense()), np.nan)


def _price(first, second):
    known = (first > 0)[:, None] & (second > 0)[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.abs(np.log(first)[:, None] - np.log(second)[None, :])
    return np.where(known, np.exp(-distance / PRICE_SCALE), np.nan)


def _best(total, top):
    """Columns of the largest entries of each row, best first; ties by column, so that the answer is repeatable."""
    top = min(top, total.shape[1])
    return np.argsort(-np.round(total, 9), axis=1, kind="stable")[:, :top]
