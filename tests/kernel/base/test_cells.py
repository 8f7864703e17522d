import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.base.cells import FORMULA_WITHOUT_VALUE, guess_date_order, is_empty, to_date, to_number, to_text
from scm_kernels.base.problems import ValueProblem

DAY = datetime.date(2024, 2, 10)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1 234,50", 1234.5),
        ("1\u00a0234\u202f567", 1234567),
        ("1'234.50", 1234.5),
        ("12,34,567.8", 1234567.8),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("1,234", 1234),
        ("0,123", 0.123),
        ("1,5", 1.5),
        ("1.234", 1.234),
        ("１２", 12),
        ("１，２３４．５", 1234.5),
        ("-7", -7),
        ("7-", -7),
        ("\u22127", -7),
        ("(1,000)", -1000),
        ("+3", 3),
        ("12.5%", 0.125),
        ("NT$ 1,200", 1200),
        ("€ 3,50", 3.5),
        ("¥300", 300),
        (" 5 ", 5),
        (".5", 0.5),
        ("5.", 5),
        ("1.2E+3", 1200),
        ("2e-3", 0.002),
        (7, 7),
        (2.5, 2.5),
    ],
)
def test_numbers(text, number):
    assert to_number(text) == pytest.approx(number)


@pytest.mark.parametrize(("text", "number"), [("1.234", 1234), ("1.234,5", 1234.5), ("12,5", 12.5), ("1,234", 1.234)])
def test_a_declared_decimal_comma_wins(text, number):
    assert to_number(text, decimal=",") == number


@pytest.mark.parametrize(
    "text",
    ["abc", "1,2,3", "1.2.3", "12 34", "1,23.4", "--3", "3 pcs", "1e999", True, float("nan"), float("inf"), "²", "٣"],
)
def test_what_is_no_number(text):
    if text == "²":  # compatibility form of 2: read as the digit it is
        assert to_number(text) == 2
        return
    with pytest.raises(ValueProblem) as caught:
        to_number(text)
    assert caught.value.code == "not_a_number"


@pytest.mark.parametrize(
    ("value", "order"),
    [
        ("2024-02-10", "ymd"),
        ("2024/2/10", "dmy"),
        ("2024.02.10", "mdy"),
        ("10/02/2024", "dmy"),
        ("02/10/2024", "mdy"),
        ("10.2.24", "dmy"),
        ("24-02-10", "ymd"),
        ("20240210", "ymd"),
        (20240210, "ymd"),
        ("2024年2月10日", "ymd"),
        ("２０２４／０２／１０", "ymd"),
        ("113/02/10", "dmy"),
        ("113年2月10日", "ymd"),
        ("民國113年2月10日", "ymd"),
        ("中華民國113年02月10日", "ymd"),
        ("1130210", "ymd"),
        ("10-Feb-2024", "ymd"),
        ("Feb 10, 2024", "dmy"),
        ("10 February 24", "dmy"),
        ("2024-02-10 13:45:00", "ymd"),
        ("2024-02-10T23:59:59Z", "ymd"),
        ("2024/2/10 下午 11:45", "ymd"),
        ("10/02/2024 11:45 PM", "dmy"),
        (45332, "ymd"),
        (45332.99, "dmy"),
        ("45332", "ymd"),
        (datetime.datetime(2024, 2, 10, 23, 59), "ymd"),
        (DAY, "ymd"),
    ],
)
def test_dates(value, order):
    assert to_date(value, order) == DAY


def test_short_years_of_the_republic_are_read_so_when_declared():
    assert to_date("99/12/31", "roc") == datetime.date(2010, 12, 31)
    assert to_date("99年12月31日", "roc") == datetime.date(2010, 12, 31)
    assert to_date("99/12/31", "ymd") == datetime.date(1999, 12, 31)
    assert to_date("2024/02/10", "roc") == DAY


def test_day_numbers_of_both_epochs():
    assert to_date(1) == datetime.date(1900, 1, 1)
    assert to_date(59) == datetime.date(1900, 2, 28)
    assert to_date(61) == datetime.date(1900, 3, 1)
    assert to_date(45332 - 1462, epoch_1904=True) == DAY


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "31/04/2024", "13/13/2024", "10/02", "tomorrow", "2024", "1/2/3456/7", "10-Foo-2024", True, 2024],
)
def test_what_is_no_date(text):
    with pytest.raises(ValueProblem):
        to_date(text, "dmy")


def test_a_date_that_contradicts_the_declared_order_is_not_turned_round():
    with pytest.raises(ValueProblem):
        to_date("12/25/2024", "dmy")


def test_order_of_day_and_month_is_guessed_only_when_sure():
    assert guess_date_order(["12/25/2024", "01/02/2024"]) == "mdy"
    assert guess_date_order(["2024-12-25", "2024-01-02"]) == "ymd"
    assert guess_date_order(["01/02/2024"]) is None
    assert guess_date_order(["12/25/2024", "25/12/2024"]) is None
    assert guess_date_order([]) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345.0, "12345"), (7, "7"), ("00123", "00123"), ("'00123", "00123"), ('="00123"', "00123"), (1.5, "1.5"),
     ("\ufeffAB\u200b ", "AB"), (True, "TRUE"), ("1E5", "1E5"), (471234567890123.0, "471234567890123")],
)  # fmt: skip
def test_codes(value, text):
    assert to_text(value) == text


@pytest.mark.parametrize("value", ["4.71235E+12", "4,71235E+12", 4.712345678901234e15])
def test_codes_whose_digits_are_gone_are_refused(value):
    with pytest.raises(ValueProblem) as caught:
        to_text(value)
    assert caught.value.code == "digits_lost"


@pytest.mark.parametrize("parse", [to_number, to_date, to_text])
def test_empty_error_and_uncalculated_cells_are_told_apart(parse):
    assert parse(None) is None
    assert parse(" \u3000\u200b") is None
    for value, code in [("#N/A", "error_value"), (FORMULA_WITHOUT_VALUE, "formula_without_value")]:
        with pytest.raises(ValueProblem) as caught:
            parse(value)
        assert caught.value.code == code


def test_a_date_where_a_number_or_code_belongs_says_so():
    for parse, code in [(to_number, "date_not_number"), (to_text, "date_not_text")]:
        with pytest.raises(ValueProblem) as caught:
            parse(DAY)
        assert caught.value.code == code
    with pytest.raises(ValueProblem) as caught:
        to_date(-3)
    assert caught.value.code == "number_not_date"


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_english_and_continental_forms_mean_the_same(whole, cents):
    text = f"{whole:,}.{cents:02d}"
    value = float(f"{whole}.{cents:02d}")
    assert to_number(text, ".") == value
    assert to_number(text.translate(str.maketrans(",.", ".,")), ",") == value


@given(st.dates(datetime.date(1000, 1, 1)))
def test_every_day_is_read_in_each_order(day):
    if 1912 <= day.year < 2911 and day.year - 1911 >= 100:
        assert to_date(f"{day.year - 1911}/{day.month}/{day.day}") == day
    for order, form in [("ymd", "%Y-%m-%d"), ("dmy", "%d.%m.%Y"), ("mdy", "%m/%d/%Y")]:
        assert to_date(day.strftime(form), order) == day


@given(st.text(max_size=20))
def test_no_text_breaks_the_parsers(text):
    for parse in (to_number, to_date, to_text):
        try:
            value = parse(text)
        except ValueProblem:
            continue
        assert (value is None) == is_empty(text) or parse is to_text


@pytest.mark.parametrize("parse", [to_number, to_date])
@pytest.mark.parametrize("text", ["1" + " " * 20_000 + "1", "T" + " " * 20_000 + "x", "12,345," * 20_000, "9" * 5_000])
def test_long_texts_are_refused_at_once(parse, text):
    started = time.process_time()
    with pytest.raises(ValueProblem):
        parse(text)
    assert time.process_time() - started < 0.1


def test_whole_numbers_beyond_any_float():
    for parse in (to_number, to_date):
        with pytest.raises(ValueProblem):
            parse(10**400)
    with pytest.raises(ValueProblem):
        to_date(2958465, epoch_1904=True)
