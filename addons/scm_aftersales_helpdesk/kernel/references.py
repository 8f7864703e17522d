"""Numbers in a text that may be those of orders, parcels or returns."""

import re
import unicodedata

#: letters, digits and what joins them; a number of ours or of a carrier has a digit and at least four signs
_WORD = re.compile(r"[A-Z0-9](?:[A-Z0-9]|[-_/#.](?=[A-Z0-9]))*")
MIN_LENGTH, MAX_LENGTH = 4, 40
MAX_WORDS = 200
MAX_TEXT = 20_000


def references(*texts):
    """Words that can be a number, in capitals, in their order, each once.

    Parts of a tracking number written in groups (``1Z 999 AA1``) are also given joined, up to eight neighbours.

    >>> references("Where is my order s00042?", "Tracking: 1Z 999 AA1. Thanks")
    ['S00042', '1Z999', '1Z999AA1', '999AA1']
    >>> references("ｓ００４２　と", None, "call 12 times")
    ['S0042']
    """
    found = {}
    for text in texts:
        words = [match.group() for match in _WORD.finditer(_plain(text))]
        for start in range(len(words)):
            for word in _joined(words, start):
                if len(found) >= MAX_WORDS:
                    return list(found)
                found.setdefault(word)
    return list(found)


def _plain(text):
    return unicodedata.normalize("NFKC", (text or "")[:MAX_TEXT]).upper()


def _joined(words, start):
    """The word, and the word with its neighbours as long as each is part of a number written in groups."""
    word = words[start]
    if _is_number(word):
        yield word
    for neighbour in words[start + 1 : start + 8]:
        if not (_has_digit(word) and _is_group(neighbour)):
            return
        word += neighbour
        if _is_number(word):
            yield word


def _is_group(word):
    return len(word) <= 6 and (_has_digit(word) or len(word) <= 2)


def _has_digit(word):
    return any(sign.isdigit() for sign in word)


def _is_number(word):
    return MIN_LENGTH <= len(word) <= MAX_LENGTH and _has_digit(word)
