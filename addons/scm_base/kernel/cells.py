"""Numbers, dates and codes as people and spreadsheets write them.

Each function takes a cell as it came out of a file (text, number, date or None) and returns a clean value, None for
an empty cell, or raises :class:`~.problems.ValueProblem`. Nothing is guessed silently where it matters: the order of
day and month is declared, and a code whose digits Excel has lost is refused instead of imported wrong.
"""

import datetime
import re
import unicodedata

from .problems import ValueProblem


class _FormulaWithoutValue:
    """Marks a cell with a formula that no spreadsheet program has calculated yet."""

    def __repr__(self):
        return "<formula without value>"


FORMULA_WITHOUT_VALUE = _FormulaWithoutValue()
ERROR_VALUES = frozenset(
    (
        "#N/A",
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#N/A N/A",
    )
)
#: a longer text is no number and no date; patterns are not tried on it, as they would take minutes on some
LONGEST_VALUE = 100
#: Excel keeps 15 significant digits
EXACT_INTEGER = 10**15
ROC_OFFSET = 1911
DATE_ORDERS = ("ymd", "dmy", "mdy", "roc")

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_CURRENCY = re.compile(r"(?:NT\$|US\$|HK\$|RMB|CNY|TWD|USD|EUR|GBP|[$€£¥₩元圓])", re.I)
_GROUPED = re.compile(r"\d{1,3}(?:([, '.])\d{2,3})(?:\1\d{2,3})*")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,3}", re.I)
_TIME = re.compile(
    r"[T\s]+(?:上午|下午|AM|PM)?\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:AM|PM|Z|[+-]\d{2}:?\d{2})?$", re.I
)
_CLOCK = re.compile(
    r"(?:T|\s)\s*(?P<before>上午|下午|AM|PM)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<after>AM|PM)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_CHINESE_DATE = re.compile(r"(?:民國|民国|中華民國)?\s*(\d{1,4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?")
_PARTS = re.compile(r"(\d{1,4})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{1,4})")
_NAMED_MONTH = re.compile(r"(?:(\d{1,2})[\s-]*([a-z]{3,9})|([a-z]{3,9})[\s-]*(\d{1,2}))\.?,?[\s-]*(\d{4}|\d{2})", re.I)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def is_empty(value) -> bool:
    """True for None and for text that shows nothing.

    >>> is_empty(" \\u3000"), is_empty(0)
    (True, False)
    """
    return value is None or (isinstance(value, str) and not value.translate(_INVISIBLE).strip())


def to_number(value, decimal: str | None = None) -> float | None:
    """A finite number.

    :param decimal: "." or "," when the user has said which mark is the decimal one. None: the last of two different
        marks is; a mark that stands more than once is not; one comma before exactly three digits separates
        thousands; one point never does.

    >>> to_number("1,234.50"), to_number("1.234,50"), to_number("１２"), to_number("12.5%"), to_number("(3)")
    (1234.5, 1234.5, 12.0, 0.125, -3.0)
    >>> to_number("1.234", decimal=",")
    1234.0
    """
    if _refuse_marks(value):
        return None
    if isinstance(value, bool):
        raise ValueProblem("not_a_number", value)
    if isinstance(value, (int, float)):
        return _finite(value, value)
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        raise ValueProblem("date_not_number", value)
    if len(value) > LONGEST_VALUE:
        raise ValueProblem("not_a_number", value)
    text = _CURRENCY.sub("", unicodedata.normalize("NFKC", str(value)).translate(_INVISIBLE)).strip()
    text, negative, percent = _signs(text)
    if _SCIENTIFIC.fullmatch(text) or re.fullmatch(r"\d(?:[.,]\d+)?E-\d{1,3}", text, re.I):
        number = float(text.replace(",", "."))
    else:
        number = _plain_number(text, decimal, value)
    number = _finite(number, value) / (100 if percent else 1)
    return -number if negative else number


def to_date(value, order: str = "ymd", epoch_1904: bool = False) -> datetime.date | None:
    """A day.

    Understands dates, Excel's day numbers, ISO, ``yyyymmdd``, ``2024年2月10日``, ``10-Feb-2024``, years of the
    Republic of China with three digits (``113/02/10``, ``1130210``) or after 民國, and three numbers in the declared
    order. A time of day is dropped, not shifted. A year of four digits in front always means year, month, day.

    :param order: "ymd", "dmy" or "mdy"; "roc" reads a short year in front as a year of the Republic of China
    :param epoch_1904: day numbers count from 1904-01-01 (old workbooks of Macintosh Excel)
    :raises ValueError: for another order

    >>> to_date("10/02/2024", "dmy"), to_date("113/02/10"), to_date(45332)
    (datetime.date(2024, 2, 10), datetime.date(2024, 2, 10), datetime.date(2024, 2, 10))
    """
    if order not in DATE_ORDERS:
        raise ValueError(f"order must be one of {', '.join(DATE_ORDERS)}, not {order!r}")
    if _refuse_marks(value):
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, (bool, datetime.time, datetime.timedelta)):
        raise ValueProblem("not_a_date", value)
    if isinstance(value, (int, float)):
        return _serial_date(value, epoch_1904)
    if len(value) > LONGEST_VALUE:
        raise ValueProblem("not_a_date", value)
    return _text_date(value, order, epoch_1904)


def to_moment(value, order: str = "ymd", epoch_1904: bool = False) -> str | None:
    """A day, with the time of day and the zone if they are there, as ISO 8601.

    >>> to_moment("10/02/2024 下午 3:05", "dmy"), to_moment("2024-02-10T03:05:09+0800"), to_moment(45332.25)
    ('2024-02-10T15:05:00', '2024-02-10T03:05:09+0800', '2024-02-10T06:00:00')
    >>> to_moment("2024-02-10"), to_moment("")
    ('2024-02-10', None)
    """
    if isinstance(value, datetime.datetime):
        return value.replace(microsecond=0).isoformat()
    clock = None
    if isinstance(value, str) and len(value) <= LONGEST_VALUE:
        value = unicodedata.normalize("NFKC", value).translate(_INVISIBLE).strip()
        clock = _CLOCK.search(value)
    day = to_date(value[: clock.start()] if clock else value, order, epoch_1904)
    if clock and day:
        return f"{day.isoformat()}T{_clock_text(clock, value)}"
    if isinstance(value, float) and not value.is_integer() and day:
        midnight = datetime.datetime(day.year, day.month, day.day)
        return (midnight + datetime.timedelta(seconds=round(value % 1 * 86400))).isoformat()
    return day and day.isoformat()


def _clock_text(clock, value):
    half = (clock["before"] or clock["after"] or "").upper()
    hour = int(clock["hour"])
    if half:
        hour = hour % 12 + (12 if half in ("PM", "下午") else 0)
    try:
        moment = datetime.datetime(2000, 1, 1, hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        raise ValueProblem("not_a_date", value) from None
    return f"{moment:%H:%M:%S}{clock['zone'] or ''}"


def guess_date_order(values) -> str | None:
    """Order of day and month that makes every text a date: None when none does or when two would.

    >>> guess_date_order(["03/04/2024", "25/04/2024"]), guess_date_order(["03/04/2024"])
    ('dmy', None)
    """
    texts = [value for value in values if isinstance(value, str) and not is_empty(value)]
    fitting = [order for order in ("ymd", "dmy", "mdy") if texts and _all_dates(texts, order)]
    if len(fitting) > 1:
        # texts with the year in front read the same in any order
        same = all(len({to_date(text, order) for order in fitting}) == 1 for text in texts)
        return fitting[0] if same else None
    return fitting[0] if fitting else None


def to_text(value) -> str | None:
    """A code or name; whole numbers lose the ``.0`` that Excel gave them.

    >>> to_text(12345.0), to_text(" AB-1 "), to_text('="00123"')
    ('12345', 'AB-1', '00123')
    """
    if _refuse_marks(value):
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        raise ValueProblem("date_not_text", value)
    if isinstance(value, (int, float)):
        return _number_text(value)
    text = str(value).translate(_INVISIBLE).strip()
    quoted = re.fullmatch(r'="(.*)"', text, re.S)
    if quoted:
        return quoted.group(1).strip()
    if re.fullmatch(r"\d[.,]\d+E\+\d{2,3}", text, re.I):
        raise ValueProblem("digits_lost", value)
    return text.removeprefix("'")


def _refuse_marks(value):
    """True when the cell is empty; raises for errors and formulas that nobody calculated."""
    if value is FORMULA_WITHOUT_VALUE:
        raise ValueProblem("formula_without_value", value)
    if isinstance(value, str) and value.strip().upper() in ERROR_VALUES:
        raise ValueProblem("error_value", value)
    return is_empty(value)


def _finite(number, value):
    try:
        number = float(number)
    except OverflowError:
        raise ValueProblem("not_a_number", value) from None
    if number - number != 0:
        raise ValueProblem("not_a_number", value)
    return number


def _signs(text):
    text = text.translate({0x2212: "-", 0x2013: "-"})
    negative = percent = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    if text.endswith("%"):
        percent, text = True, text[:-1].strip()
    if text[:1] in "+-" or text[-1:] == "-":
        negative ^= "-" in (text[:1], text[-1:])
        text = text.strip("+-").strip() if text.count("-") + text.count("+") == 1 else "?"
    return text, negative, percent


def _plain_number(text, decimal, value):
    text = re.sub(r"[\s\u00a0\u202f_]", " ", text).replace("\u2019", "'").strip()
    mark = _decimal_mark(text, decimal)
    whole, _mark, fraction = text.rpartition(mark) if mark and mark in text else (text, "", "")
    if fraction and not fraction.isdigit():
        raise ValueProblem("not_a_number", value)
    if _GROUPED.fullmatch(whole) and (mark is None or mark not in whole) and re.search(r"\D\d{3}$", whole):
        whole = re.sub(r"\D", "", whole)
    digits = whole + fraction
    if not (digits.isdigit() and digits.isascii()):
        raise ValueProblem("not_a_number", value)
    return float(f"{whole or '0'}.{fraction or '0'}")


def _decimal_mark(text, decimal):
    if decimal:
        return decimal
    points, commas = text.count("."), text.count(",")
    if points and commas:
        last = "." if text.rfind(".") > text.rfind(",") else ","
        return last if text.count(last) == 1 else None
    if points == 1:
        return "."
    if commas == 1 and not re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
        return ","
    return None


def _serial_date(value, epoch_1904):
    compact = int(value) if isinstance(value, int) or value.is_integer() else None
    if compact is not None and 19000101 <= compact <= 99991231:
        return _compact_date(str(compact), value)
    year_alone = compact is not None and 1900 <= compact < 2200
    if year_alone or not 1 <= value < 2958466:
        raise ValueProblem("number_not_date", value)
    day = int(value)
    if epoch_1904:
        first = datetime.date(1904, 1, 1)
        if day > (datetime.date.max - first).days:
            raise ValueProblem("number_not_date", value)
        return first + datetime.timedelta(days=day)
    # Excel counts a 29 February 1900 that never was
    return datetime.date(1899, 12, 31 if day < 60 else 30) + datetime.timedelta(days=day)


def _text_date(raw, order, epoch_1904):
    text = unicodedata.normalize("NFKC", raw).translate(_INVISIBLE).strip()
    text = _TIME.sub("", text).strip()
    chinese = _CHINESE_DATE.fullmatch(text)
    if chinese:
        year, month, day = chinese.groups()
        roc = "民" in text or len(year) == 3 or (len(year) < 4 and order == "roc")
        return _build(int(year) + ROC_OFFSET if roc else _full_year(year), int(month), int(day), raw)
    if text.isdigit() and len(text) in (7, 8):
        return _compact_date(text, raw)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _serial_date(float(text), epoch_1904)
    parts = _PARTS.fullmatch(text)
    if parts:
        return _ordered_date(parts.groups(), order, raw)
    named = _NAMED_MONTH.fullmatch(text)
    if named:
        day, name, name_first, day_second, year = named.groups()
        month = (name or name_first).lower()[:3]
        if month in _MONTHS:
            return _build(_full_year(year), _MONTHS.index(month) + 1, int(day or day_second), raw)
    raise ValueProblem("not_a_date", raw)


def _compact_date(text, raw):
    if len(text) == 7:
        return _build(int(text[:3]) + ROC_OFFSET, int(text[3:5]), int(text[5:]), raw)
    return _build(int(text[:4]), int(text[4:6]), int(text[6:]), raw)


def _ordered_date(parts, order, raw):
    first, second, third = parts
    if len(first) == 3 or (order == "roc" and len(first) < 4):
        return _build(int(first) + ROC_OFFSET, int(second), int(third), raw)
    if len(first) == 4 or order in ("ymd", "roc"):
        if len(third) > 2 or len(first) == 1:
            raise ValueProblem("not_a_date", raw)
        return _build(_full_year(first), int(second), int(third), raw)
    if len(third) in (1, 3):
        raise ValueProblem("not_a_date", raw)
    day, month = (first, second) if order == "dmy" else (second, first)
    return _build(_full_year(third), int(month), int(day), raw)


def _full_year(text):
    """Two digits as POSIX strptime reads them: 69 to 99 are 1969 to 1999."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= 69 else 2000)


def _build(year, month, day, raw):
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ValueProblem("not_a_date", raw) from None


def _all_dates(texts, order):
    try:
        return all(to_date(text, order) for text in texts)
    except ValueProblem:
        return False


def _number_text(value):
    if isinstance(value, float):
        if not value.is_integer():
            return repr(value)
        if abs(value) >= EXACT_INTEGER:
            raise ValueProblem("digits_lost", value)
    return str(int(value))
