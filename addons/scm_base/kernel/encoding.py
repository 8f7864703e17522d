"""Find the text encoding of a file by reading it through once, in constant memory.

A byte order mark decides. Else valid UTF-8 does: long text in another encoding is practically never valid UTF-8. Else
the four encodings that spreadsheets in Europe and Greater China write are compared on how usual their characters
would be: GB 18030 (the mainland's common hanzi are pairs B0-D7/A1-FE of GB 2312 level 1), Big5 (Taiwan's common hanzi
have first bytes A4-C6) and Windows-1252 (single letters among ASCII).
"""

import codecs
import re
from dataclasses import dataclass

CHUNK = 1 << 20
#: how much of a file the comparison of encodings looks at
SAMPLE = 1 << 18
#: names users know -> Python's codec; cp950 is the Big5 that Windows writes
CODECS = {"utf-8-sig": "utf-8-sig", "big5": "cp950", "gb18030": "gb18030", "cp1252": "cp1252"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PAIR = re.compile(rb"[\x81-\xfe][\x30-\x7e\x80-\xfe]")
_GB_USUAL = re.compile(rb"[\xb0-\xd7\xa1-\xa3][\xa1-\xfe]")
_BIG5_USUAL = re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]|[\xa1-\xa3][\x40-\x7e\xa1-\xbf]")
_CP1252_USUAL = re.compile(
    # letters; signs: euro, dots, quotation marks, dashes, pound, copyright, registered, degree, squares, fractions
    rb"(?<![\x80-\xff])[\xc0-\xff\x80\x85\x91-\x94\x96\x97\xa0\xa3\xa9\xae\xb0\xb2-\xb4\xb7\xbd](?=[A-Za-z\s,;\"'.)\d/-]|$)"
)
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True)
class Encoding:
    """:ivar name: for people; :ivar sure: False when it was judged by how usual the characters are;
    :ivar broken: bytes that are no text in it will be replaced"""

    name: str
    sure: bool = True
    broken: bool = False

    @property
    def codec(self) -> str:
        return CODECS.get(self.name, self.name)


def detect(file) -> Encoding:
    """Encoding of a binary file object, from its start; leaves the file at its start.

    >>> import io
    >>> detect(io.BytesIO("商品,數量".encode("big5"))).name, detect(io.BytesIO("商品,数量".encode("gb18030"))).name
    ('big5', 'gb18030')
    """
    file.seek(0)
    head = file.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    guess = utf16_without_mark(head)
    if guess:
        return Encoding(guess, sure=False)
    if decodes(file, "utf-8"):
        return Encoding("utf-8-sig")
    return _most_usual(file)


def decodes(file, codec) -> bool:
    """Whether the whole file is text in the codec."""
    decoder = codecs.getincrementaldecoder(codec)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def utf16_without_mark(head):
    """Name of the UTF-16 in which text would be mostly ASCII, seen by a zero in every second byte; else None."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if half and odd > 0.4 * half and even < 0.15 * half:
        return "utf-16-le"
    if half and even > 0.4 * half and odd < 0.15 * half:
        return "utf-16-be"
    return None


def _most_usual(file):
    sample = _high_sample(file)
    scores = {
        "gb18030": _share(_GB_USUAL, sample),
        "big5": _share(_BIG5_USUAL, sample),
        "cp1252": _single_share(sample),
    }
    if _utf8_share(sample) > 0.9:
        return Encoding("utf-8-sig", sure=False, broken=True)
    for name in sorted(scores, key=scores.get, reverse=True):
        if scores[name] > 0.3 and decodes(file, CODECS[name]):
            return Encoding(name, sure=False)
    best = max(scores, key=scores.get)
    return Encoding(best, sure=False, broken=not decodes(file, CODECS[best]))


def _high_sample(file):
    """Stretches that hold bytes above 127, from the whole file: they may come late."""
    file.seek(0)
    found, size = [], 0
    while size < SAMPLE and (chunk := file.read(CHUNK)):
        lines = [line for line in chunk.split(b"\n") if not line.isascii()]
        found += lines
        size += sum(map(len, lines))
    file.seek(0)
    return b"\n".join(found)[:SAMPLE]


def _share(usual, sample):
    pairs = _PAIR.findall(sample)
    high = sum(byte >= 0x80 for byte in sample)
    covered = sum(2 if pair[1] >= 0x80 else 1 for pair in pairs)
    if not pairs:
        return 0.0
    return sum(bool(usual.fullmatch(pair)) for pair in pairs) / len(pairs) * min(1.0, covered / high)


def _single_share(sample):
    """Share of the bytes above 127 that are a letter or sign among ASCII ("Zoë", "12 €"), as in Windows-1252."""
    high = sum(byte >= 0x80 for byte in sample)
    return len(_CP1252_USUAL.findall(sample)) / high if high else 0.0


def _utf8_share(sample):
    high = sum(byte >= 0x80 for byte in sample)
    return sum(map(len, _UTF8_PAIR.findall(sample))) / high if high else 0.0
