"""Texts of customers cut into words and phrases, in English and Chinese.

Chinese is cut by jieba (its own dictionary, read once per process and never kept in a file: its usual cache lies where
others can write). Traditional text is read as simplified, so both scripts share words.
"""

import functools
import os
import re
import warnings

from .chinese import simplified

# its patterns are no raw strings: Python says so whenever it compiles the package anew
with warnings.catch_warnings(action="ignore"):
    import jieba

# a Chinese run, or a word in another script with an apostrophe in it; what lies between ends a phrase
_PIECE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]+(?:['’][^\W\d_]+)?|[^\w\s]|\d+")
# words that every text has, in simplified script
_STOP_FILE = os.path.join(os.path.dirname(__file__), "data", "stop_words.txt")
with open(_STOP_FILE, encoding="utf-8") as _file:
    STOP = frozenset(_file.read().split())
#: longer words are links and noise
MAX_WORD = 40


@functools.cache
def _cutter():
    """jieba's tokenizer, filled from its dictionary directly."""
    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return cutter


def clauses(text):
    """Lists of words, one for each stretch between punctuation marks; lower case, Chinese in simplified script.

    >>> clauses("The zip broke, it doesn't close!")
    [['the', 'zip', 'broke'], ['it', "doesn't", 'close']]
    >>> clauses("拉鍊壞了，不能用")
    [['拉链', '坏', '了'], ['不能', '用']]
    """
    result, words = [], []
    for piece in _PIECE.findall(simplified(text or "").lower().replace("’", "'")):
        if piece[0].isdigit() or not (piece[0].isalpha()):
            if words and not piece[0].isdigit():
                result.append(words)
                words = []
        elif "\u3400" <= piece[0] <= "\u9fff":
            words += _cutter().lcut(piece)
        elif len(piece) <= MAX_WORD:
            words.append(piece)
    return [*result, words] if words else result


def terms(text):
    """Words and phrases of two words that a text holds, each once, in order; a phrase's words hang on ``_``.

    Words that every text has are no terms, and no phrase begins or ends with one; ``not`` and ``too`` are none of them.

    >>> terms("The zip broke. Not the zip that I ordered")
    ['zip', 'broke', 'zip_broke', 'not', 'ordered']
    """
    found = {}
    for words in clauses(text):
        before = None
        for word in words:
            plain = word not in STOP
            if plain:
                found[word] = True
                if before:
                    found[f"{before}_{word}"] = True
            before = word if plain else None
    return list(found)


def grams(text):
    """Pieces of words, which slips of the pen leave alone: 3 and 4 letters, or 1 and 2 Chinese characters.

    >>> grams("zip")
    ['<zi', 'zip', 'ip>', '<zip', 'zip>']
    >>> grams("壞了")
    ['坏', '了', '坏了']
    """
    result = []
    for piece in _PIECE.findall(simplified(text or "").lower()):
        if "\u3400" <= piece[0] <= "\u9fff":
            sizes = (1, 2)
        elif piece[0].isalpha() and len(piece) <= MAX_WORD:
            piece, sizes = f"<{piece}>", (3, 4)
        else:
            continue
        result += [piece[at : at + size] for size in sizes for at in range(len(piece) - size + 1)]
    return result


def surface(term, texts):
    """A term as people wrote it: of the given texts, in the script that most of them use.

    >>> surface("拉链", ["拉鍊壞了", "這個拉鍊", "拉链坏了"])
    '拉鍊'
    >>> surface("zip_broke", ["The zip broke."])
    'zip broke'
    """
    chinese = "\u3400" <= term[0] <= "\u9fff"
    key = term.replace("_", "") if chinese else term.replace("_", " ")
    if not chinese:
        return key
    seen = {}
    for text in texts:
        at = simplified(text).find(key)
        if at >= 0:
            written = text[at : at + len(key)]
            seen[written] = seen.get(written, 0) + 1
    return max(seen, key=seen.get) if seen else key
