"""Which row holds the headings, and which column is which field: a proposal that a person confirms."""

import difflib
import re
import unicodedata

from .cells import is_empty

#: similarity from which a heading is proposed for a field
ACCEPT = 0.8
SEARCH_ROWS = 30


def normalise(name) -> str:
    """Heading without case, width, spaces and punctuation.

    >>> normalise(" Product_Code (*)"), normalise("產品　編號：")
    ('productcode', '產品編號')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(name)).casefold())


def similarity(heading, name) -> float:
    """0 to 1: 1 equal, .9 all words of the name are in the heading, else the share of common letters.

    >>> similarity("Product code", "product_code"), similarity("Code of product", "product code")
    (1.0, 0.9)
    """
    left, right = normalise(heading), normalise(name)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    words, wanted = _words(heading), _words(name)
    if wanted <= words or (len(right) > 1 and not right.isascii() and right in left):
        return 0.9
    return difflib.SequenceMatcher(None, left, right).ratio() * 0.89


def suggest_mapping(headings, fields) -> dict[str, int]:
    """Best column of each field, each column used once, surest first.

    :param headings: the cells of the heading row
    :param fields: ``{field: accepted heading names}``
    :returns: ``{field: column index from 0}``, only where something is similar enough

    >>> suggest_mapping(["Date", "Item Code", "Qty"], {"product": ["item code"], "quantity": ["quantity", "qty"]})
    {'product': 1, 'quantity': 2}
    """
    scored = []
    for order, (field, names) in enumerate(fields.items()):
        for column, heading in enumerate(headings):
            if is_empty(heading):
                continue
            score = max((similarity(heading, name) for name in (field, *names)), default=0.0)
            if score >= ACCEPT:
                scored.append((-score, order, column, field))
    mapping, used = {}, set()
    for _score, _order, column, field in sorted(scored):
        if field not in mapping and column not in used:
            mapping[field] = column
            used.add(column)
    return {field: mapping[field] for field in fields if field in mapping}


def guess_heading(rows, fields=None) -> int | None:
    """Position in ``rows`` (tuples of cells) of the heading row, None when the first rows look like data.

    The row with the most recognised fields wins. Without any, the first row of texts that is as wide as the table.
    """
    head = list(rows[:SEARCH_ROWS])
    if fields:
        found = [len(suggest_mapping(row, fields)) for row in head]
        if found and max(found) >= min(2, len(fields)):
            return found.index(max(found))
    width = max((sum(not is_empty(cell) for cell in row) for row in head), default=0)
    for position, row in enumerate(head):
        filled = [cell for cell in row if not is_empty(cell)]
        if len(filled) >= max(1, 0.6 * width):
            return position if all(map(_is_label, filled)) else None
    return None


def _is_label(cell):
    return isinstance(cell, str) and not re.fullmatch(r"[\d\s.,:/%()+-]*", cell)


def _words(name):
    return set(re.findall(r"\w+", re.sub(r"_", " ", unicodedata.normalize("NFKC", str(name)).casefold())))
