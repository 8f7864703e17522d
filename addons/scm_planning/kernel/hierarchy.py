"""Forecasts of products, categories, warehouses and the company that add up.

Notation of Wickramasuriya, Athanasopoulos & Hyndman (2019), "Optimal forecast reconciliation for hierarchical and
grouped time series through trace minimization", JASA 114:804-819: n bottom series b (product x warehouse), m sums of
them a = A b with a 0/1 matrix A (m, n), S = [A; I]. Each of the n + m series has a base forecast of its own and an
error variance; the reconciled forecast is the one that adds up and changes the base forecasts least, weighed by their
variances (diagonal W: WLS):

    y~ = S (S' W^-1 S)^-1 S' W^-1 y^

Written with the zero constraints instead (the same paper, section 2.4), only an m x m sparse matrix is solved, where m
counts the sums and not the items, so that 100,000 items cost about as much as a sum over them:

    b~ = b^ + Wb A' (Wa + A Wb A')^-1 (a^ - A b^)
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from . import cleaning

COMPANY, WAREHOUSE, CATEGORY, CATEGORY_WAREHOUSE = "company", "warehouse", "category", "category_warehouse"
# Rows of items handled at once, so that no second table of all items x periods is made
BLOCK = 8192


@dataclass(frozen=True)
class Hierarchy:
    """Sums over bottom series.

    :param level: str (m,), what each node is
    :param category: int (m,), category of the node, 0 where it has none
    :param warehouse: int (m,), warehouse of the node, 0 where it has none
    :param members: CSR (m, n) of 0/1: which items a node adds up
    :param twin: int (m,), first node with the very same items (itself where there is none before it)
    """

    level: np.ndarray
    category: np.ndarray
    warehouse: np.ndarray
    members: sparse.csr_matrix
    twin: np.ndarray

    @property
    def count(self):
        """Number of items of each node, int (m,)."""
        return np.diff(self.members.indptr)


def build(category, warehouse, parents):
    """Nodes of a company: itself, its warehouses, its categories with those above them, and both crossed.

    :param category: int (n,), category of each item, 0 = none
    :param warehouse: int (n,), warehouse of each item
    :param parents: dict category -> parent category (0 or missing: a top category)
    :returns: :class:`Hierarchy`, nodes ordered by level, category and warehouse

    >>> nodes = build(np.array([3, 3, 4]), np.array([1, 2, 1]), {3: 9, 4: 9})
    >>> [(str(level), int(c), int(w)) for level, c, w in zip(nodes.level, nodes.category, nodes.warehouse)][:4]
    [('company', 0, 0), ('warehouse', 0, 1), ('warehouse', 0, 2), ('category', 3, 0)]
    >>> nodes.members.toarray()[3].tolist()
    [1.0, 1.0, 0.0]
    """
    category, warehouse = (np.asarray(values).astype(np.int64) for values in (category, warehouse))
    items = np.arange(len(category))
    found, place = np.unique(category, return_inverse=True)
    lines = [_lineage(int(code), parents) for code in found]
    depth = max((len(line) for line in lines), default=0)
    above = np.zeros((len(found), depth), dtype=np.int64)
    for row, line in enumerate(lines):
        above[row, : len(line)] = line
    parts = [(np.zeros_like(items), np.zeros_like(items), 0, items), (np.zeros_like(items), warehouse, 1, items)]
    for step in range(depth):
        codes = above[place, step]
        kept = codes > 0
        parts.append((codes[kept], np.zeros(kept.sum(), np.int64), 2, items[kept]))
        parts.append((codes[kept], warehouse[kept], 3, items[kept]))
    return _assemble(parts, len(items))


def _lineage(code, parents):
    """A category and those above it; a circle ends where it closes."""
    line = []
    while code and code not in line:
        line.append(code)
        code = parents.get(code) or 0
    return line


def _assemble(parts, n_items):
    levels = np.array([COMPANY, WAREHOUSE, CATEGORY, CATEGORY_WAREHOUSE])
    # one number per key: level, category (32 bits) and warehouse (26 bits)
    codes = np.concatenate([(level << 58) | (code << 26) | store for code, store, level, _items in parts])
    rows = np.concatenate([items for *_rest, items in parts])
    nodes, node = np.unique(codes, return_inverse=True)
    members = sparse.csr_matrix((np.ones(len(rows)), (node.ravel(), rows)), shape=(len(nodes), n_items))
    category, warehouse = (nodes >> 26) & 0xFFFFFFFF, nodes & 0x3FFFFFF
    return Hierarchy(levels[nodes >> 58], category, warehouse, members, _twins(members))


def _twins(members):
    """First node with the same items, by a random fingerprint of each item added up."""
    draw = np.random.default_rng(1)
    print_of = np.column_stack(
        [members @ draw.integers(1, 1 << 40, members.shape[1]).astype(float), np.diff(members.indptr)]
    )
    _unique, first, inverse = np.unique(print_of, axis=0, return_index=True, return_inverse=True)
    return first[inverse.ravel()]


def add_up(members, values, in_stock=None):
    """Sums (m, T) of item values (n, T), unknown ones (NaN) counted as 0; NaN where all items are unknown.

    :param in_stock: float (n, T) or None; with it stock-outs are filled first (:func:`.cleaning.fill_stock_outs`)

    >>> add_up(sparse.csr_matrix([[1.0, 1.0]]), np.array([[np.nan, 1.0, 2.0], [np.nan, np.nan, 3.0]])).tolist()
    [[nan, 1.0, 5.0]]
    """
    total = np.zeros((members.shape[0], values.shape[1]))
    known = np.zeros_like(total)
    columns = members.tocsc()
    for first in range(0, values.shape[0], BLOCK):
        rows = slice(first, first + BLOCK)
        block = values[rows] if in_stock is None else cleaning.fill_stock_outs(values[rows], in_stock[rows])
        seen = np.isfinite(block)
        total += columns[:, rows] @ np.where(seen, block, 0.0)
        known += columns[:, rows] @ seen.astype(float)
    return np.where(known > 0, total, np.nan)


def adjustment(members, bottom, upper, var_bottom, var_upper):
    """What each node hands down: z (m, h) with b~ = b^ + Wb A' z.

    :param members: CSR (m, n)
    :param bottom: float (n, h), base forecasts of the items
    :param upper: float (m, h), base forecasts of the nodes; a row of NaN has no opinion
    :param var_bottom: float (n,), error variance of the items, 0 = certain
    :param var_upper: float (m,), error variance of the nodes, above 0
    """
    voices = np.flatnonzero(np.isfinite(upper).all(axis=1) & np.isfinite(var_upper) & (var_upper > 0))
    handed = np.zeros(upper.shape)
    if not len(voices):
        return handed
    part = members[voices]
    gap = upper[voices] - part @ np.asarray(bottom, dtype=float)
    matrix = part @ sparse.diags(np.asarray(var_bottom, dtype=float)) @ part.T + sparse.diags(var_upper[voices])
    handed[voices] = splu(matrix.tocsc()).solve(gap)
    return handed


def reconcile(members, bottom, upper, var_bottom, var_upper):
    """Item forecasts (n, h), 0 or more, whose sums are the reconciled forecasts of all levels.

    Parameters as in :func:`adjustment`. Where an item would fall below 0 it becomes 0; its nodes are the sums of what
    the items then are, so that all adds up whatever was cut.

    Two items of 10, their sum forecast 26 by itself. Equal variances at the bottom, the sum twice as uncertain:

    >>> both = sparse.csr_matrix([[1.0, 1.0]])
    >>> reconcile(both, np.full((2, 1), 10.0), np.array([[26.0]]), np.ones(2), np.array([2.0])).ravel().tolist()
    [11.5, 11.5]
    """
    handed = adjustment(members, bottom, upper, var_bottom, var_upper)
    return np.maximum(bottom + np.asarray(var_bottom)[:, None] * (members.T @ handed), 0.0)
