"""Files as users bring them: made here by hand or by the libraries that write them."""

import csv
import datetime
import io
import random
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.base.cells import FORMULA_WITHOUT_VALUE
from scm_kernels.base.problems import FileProblem
from scm_kernels.base.tabular import Limits, inspect, preview, read_rows

ROWS = [("Product", "Date", "Qty"), ("A-1", datetime.datetime(2024, 2, 10), 3.5), ("B-2", None, 7)]


def problem(source, **options):
    with pytest.raises(FileProblem) as caught:
        list(read_rows(source, **options))
    return caught.value


def values(source, **options):
    return [row.values for row in read_rows(source, **options)]


def xlsx(rows, change=None, **sheets):
    """Bytes of a workbook; ``change(parts)`` may alter the parts of the package ({name: bytes})."""
    book = openpyxl.Workbook()
    book.active.title = "First"
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    if change is None:
        return buffer.getvalue()
    with zipfile.ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return packed(parts)


def packed(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xls(rows, sheet="First"):
    book = xlwt.Workbook()
    worksheet = book.add_sheet(sheet)
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, datetime.datetime):
                worksheet.write(r, c, value, date)
            elif value is not None:
                worksheet.write(r, c, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ole2(*stream_names):
    """A minimal OLE2 file: header, one FAT sector, one directory sector, one data sector shared by all streams."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[24:34] = b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    numbers = {44: 1, 48: 1, 56: 0, 60: 0xFFFFFFFE, 68: 0xFFFFFFFE, 76: 0}
    for offset, number in numbers.items():
        header[offset : offset + 4] = number.to_bytes(4, "little")
    header[80:512] = b"\xff" * 432
    fat = [0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE] + [0xFFFFFFFF] * 125
    directory = b""
    for index, name in enumerate(("Root Entry", *stream_names)):
        entry = bytearray(128)
        encoded = name.encode("utf-16-le")
        entry[: len(encoded)] = encoded
        entry[64:66] = (len(encoded) + 2).to_bytes(2, "little")
        entry[66] = 5 if index == 0 else 2
        right = index + 1 if 0 < index < len(stream_names) else 0xFFFFFFFF
        child = 1 if index == 0 and stream_names else 0xFFFFFFFF
        for offset, number in ((68, 0xFFFFFFFF), (72, right), (76, child), (116, 0xFFFFFFFE if index == 0 else 2)):
            entry[offset : offset + 4] = number.to_bytes(4, "little")
        entry[120:124] = (0 if index == 0 else 512).to_bytes(4, "little")
        directory += bytes(entry)
    return bytes(header) + b"".join(n.to_bytes(4, "little") for n in fat) + directory.ljust(512, b"\x00") + bytes(512)


# --- the same table in each format -----------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [xlsx, xls])
def test_a_workbook_gives_typed_cells(write):
    assert values(write(ROWS)) == ROWS


def test_a_text_file_gives_text():
    assert values(b"Product,Date,Qty\r\nA-1,2024-02-10,3.5\r\n\r\nB-2,,7\r\n") == [
        ("Product", "Date", "Qty"),
        ("A-1", "2024-02-10", "3.5"),
        ("B-2", None, "7"),
    ]


@pytest.mark.parametrize("name", ["table.csv", "table.xls", "table.pdf"])
def test_the_name_of_a_file_is_not_believed(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(xlsx(ROWS))
    assert inspect(path).kind == "xlsx"
    assert values(str(path)) == ROWS
    with open(path, "rb") as file:
        assert values(file) == ROWS


@pytest.mark.parametrize("write", [xlsx, xls])
def test_row_numbers_are_those_of_the_spreadsheet_and_blank_rows_are_left_out(write):
    rows = [("a",), (None,), (" ", None), ("b", None, "c", None)]
    assert [tuple(row) for row in read_rows(write(rows))] == [(1, ("a",)), (4, ("b", None, "c"))]


def test_sheets_are_listed_and_chosen():
    data = xlsx(ROWS, Second=[("x", 1)])
    assert inspect(data).sheets == ("First", "Second")
    assert values(data, sheet="Second") == [("x", 1)]
    caught = problem(data, sheet="Third")
    assert (caught.code, caught.params["sheets"]) == ("no_such_sheet", ["First", "Second"])


def test_xls_with_all_its_65536_rows():
    book = xlwt.Workbook()
    worksheet = book.add_sheet("Full")
    for r in range(65536):
        worksheet.write(r, 0, r)
    buffer = io.BytesIO()
    book.save(buffer)
    rows = list(read_rows(buffer.getvalue()))
    assert (len(rows), rows[-1]) == (65536, (65536, (65535.0,)))


def test_old_macintosh_epoch_is_told():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append([datetime.datetime(2024, 2, 10), 43870])
    buffer = io.BytesIO()
    book.save(buffer)
    assert inspect(buffer.getvalue()).epoch_1904
    assert values(buffer.getvalue()) == [(datetime.datetime(2024, 2, 10), 43870)]


def test_a_formula_that_nobody_calculated_is_not_an_empty_cell():
    assert values(xlsx([("qty",), ("=1+1",)])) == [("qty",), (FORMULA_WITHOUT_VALUE,)]

    def calculated(parts):
        name = "xl/worksheets/sheet1.xml"
        assert b"<v />" in parts[name] or b"<v/>" in parts[name] or b"<v></v>" in parts[name]
        for empty in (b"<v />", b"<v/>", b"<v></v>"):
            parts[name] = parts[name].replace(empty, b"<v>2</v>")

    assert values(xlsx([("=1+1",)], calculated)) == [(2,)]


def test_error_values_come_as_their_text():
    book = xlwt.Workbook()
    book.add_sheet("E").row(0).set_cell_error(0, 0x2A)
    buffer = io.BytesIO()
    book.save(buffer)
    assert values(buffer.getvalue()) == [("#N/A",)]


# --- files that cannot be read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n \r\n", b"\x00\x00\x00"])
def test_empty(data):
    assert problem(data).code == "empty"


def test_a_sheet_without_content_is_empty_to_the_preview():
    with pytest.raises(FileProblem, match="empty"):
        preview(xlsx([]))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "html"),
        (b"\r\n<?xml version='1.0'?><Workbook/>", "xml"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (bytes(range(256)) * 8, "unknown"),
        (packed({"a.txt": b"x"}), "zip"),
        (packed({"word/document.xml": b"<x/>"}), "word"),
        (packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "ods"),
        (packed({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b""}), "xlsb"),
        (ole2("WordDocument"), "word"),
        (ole2("SomethingElse"), "unknown"),
    ],
)
def test_other_kinds_of_file_are_named(data, kind):
    caught = problem(data)
    assert (caught.code, caught.params) == ("not_a_table", {"kind": kind})


def test_password_protected_xlsx():
    assert problem(ole2("EncryptionInfo", "EncryptedPackage")).code == "password"


def test_password_protected_xls(monkeypatch):
    from scm_kernels.base import workbook

    def encrypted(_data):
        raise workbook.xlrd.XLRDError("Workbook is encrypted")

    monkeypatch.setattr(workbook, "_open_xls", encrypted)
    assert problem(xls(ROWS)).code == "password"


@pytest.mark.parametrize("write", [xlsx, xls])
def test_cut_off_files_are_corrupted(write):
    data = write([(f"text {i}", i) for i in range(2000)])
    for share in (0.1, 0.5, 0.9):
        assert problem(data[: int(len(data) * share)]).code == "corrupted"


def test_broken_xml_inside_is_corrupted():
    def break_sheet(parts):
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-200]

    def lose_workbook(parts):
        del parts["xl/workbook.xml"]

    for change in (break_sheet, lose_workbook):
        assert problem(xlsx(ROWS, change)).code == "corrupted"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([xlsx(ROWS), xls(ROWS)]), st.integers(0, 10**6), st.binary(min_size=1, max_size=40))
def test_damage_anywhere_is_either_read_or_a_clear_problem(data, place, noise):
    place %= len(data)
    damaged = data[:place] + noise + data[place + len(noise) :]
    try:
        list(read_rows(damaged, limits=Limits(max_rows=1000)))
    except FileProblem as caught:
        assert caught.code


def test_zip_bomb_by_ratio_is_refused_before_it_is_unpacked():
    def blow_up(parts):
        parts["xl/worksheets/sheet1.xml"] = b"<worksheet>" + b" " * (30 * 2**20)

    data = xlsx(ROWS, blow_up)
    assert len(data) < 100_000
    tracemalloc.start()
    caught = problem(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (caught.code, caught.params["part"]) == ("bomb", "xl/worksheets/sheet1.xml")
    assert peak < 5 * 2**20


def test_zip_bomb_by_total_and_by_texts_kept_in_memory():
    data = xlsx([("x" * 50, i) for i in range(1000)])
    assert problem(data, limits=Limits(max_unpacked=1000)).code == "bomb"
    caught = problem(data, limits=Limits(max_part=500))
    assert caught.code == "bomb" and not caught.params["part"].startswith("xl/worksheets/")


def test_entity_bomb():
    declaration = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'

    def plant(parts):
        name = "xl/workbook.xml"
        start = parts[name].index(b"<workbook")
        # even far behind a long comment
        parts[name] = parts[name][:start] + b"<!--" + b"x" * 200_000 + b"-->" + declaration + parts[name][start:]

    assert problem(xlsx(ROWS, plant)).code == "bomb"


def test_too_large_too_many_rows_too_many_columns():
    assert problem(b"a,b\n1,2\n", limits=Limits(max_bytes=5)).code == "too_large"
    assert problem(b"a\nb\nc\n", limits=Limits(max_rows=2)).params == {"limit": 2}
    caught = problem(b"a\na,b,c\n", limits=Limits(max_columns=2))
    assert (caught.code, caught.params) == ("too_many_columns", {"limit": 2, "row": 2})


def test_a_quotation_mark_that_is_never_closed():
    assert problem(b'a,b\n1,"2\n' + b"x,y\n" * 60_000).code == "cell_too_long"


@pytest.fixture
def without_field_limit():
    """Other libraries in the same process lift the limit of Python's csv module."""
    before = csv.field_size_limit(2**31 - 1)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("without_field_limit")
@pytest.mark.parametrize("start", [b'a,b\n1,"2\n', b"a,b\n1,"])
@pytest.mark.parametrize("filling", [b"x,y\n" * 4_000_000, b"x" * 16_000_000])
def test_a_row_without_end_is_not_held_in_memory(start, filling):
    if not start.endswith(b"\n") and b"\n" in filling:
        pytest.skip("an ordinary table")
    data = start + filling
    tracemalloc.start()
    caught = problem(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (caught.code, caught.params["row"]) == ("cell_too_long", 2)
    assert peak < 60 * 2**20


def test_row_number_that_no_program_writes():
    def renumber(parts):
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b'r="3"', b'r="99999999999"')

    assert problem(xlsx(ROWS, renumber)).code == "corrupted"


# --- text encodings and delimiters -----------------------------------------------------------------------------------

SIMPLIFIED = "产品编号,日期,数量,备注\nA-1,2024年2月10日,3,红色礼品盒包装\nB-2,2024年2月11日,7,仓库缺货请尽快补货\n"
TRADITIONAL = "產品編號,日期,數量,備註\nA-1,2024年2月10日,3,紅色禮品盒包裝\nB-2,2024年2月11日,7,倉庫缺貨請儘快補貨\n"
WESTERN = "Código;Menge;Größe;Prix\nA-1;3;groß;12 €\nB-2;7;très élevé;£3 – “net”\n"


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (SIMPLIFIED, "utf-8", "utf-8-sig"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "cp950", "big5"),
        (WESTERN, "cp1252", "cp1252"),
        ("plain,ascii\n1,2\n", "ascii", "utf-8-sig"),
    ],
)
def test_encodings_are_found(text, codec, name):
    data = text.encode(codec)
    assert inspect(data).encoding == name
    delimiter = ";" if ";" in text else ","
    assert values(data) == [tuple(line.split(delimiter)) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("品名\n鼠标\n".encode("gb18030"), "gb18030"),
        ("品名\n滑鼠\n".encode("cp950"), "big5"),
        (b"name\nZo\xeb\n", "cp1252"),
        (b"name,city\nx,y\n" * 30_000 + "茶杯,台北\n".encode("cp950"), "big5"),
        (b"name,city\nx,y\n" * 30_000 + "Müller,Köln\n".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_of_short_texts_and_of_late_surprises(data, name):
    assert inspect(data).encoding == name
    assert inspect(data).warnings == ("encoding_guessed",)


def test_a_declared_encoding_that_does_not_fit_names_the_row():
    data = b"a,b\n" + b"1,2\n" * 50_000 + "é,3\n".encode("cp1252") + b"4,5\n" * 50_000
    caught = problem(data, encoding="utf-8")
    assert (caught.code, caught.params) == ("wrong_encoding", {"encoding": "utf-8-sig", "row": 50_002})
    assert values(data, encoding="cp1252")[50_001] == ("é", "3")
    assert problem(b"a\n", encoding="klingon").code == "unknown_encoding"


def test_single_broken_bytes_in_utf8_are_replaced_with_a_warning():
    data = SIMPLIFIED.encode() + b"C-3,\xff,1,\n"
    assert inspect(data).warnings == ("bytes_replaced",)
    assert values(data)[-1] == ("C-3", "\ufffd", "1")


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        (b"a;b;c\n1,5;2,5;3\n2,5;1,5;4\n", ";"),
        (b"a\tb\n1,000\t2\n", "\t"),
        (b"a|b|c\n1|2|3\n", "|"),
        (b'name,qty\n"Box; red; large",3\n"Cup; blue; small",4\n', ","),
        (b"sep=;\r\na;b\r\n1;2\r\n", ";"),
        (b"code\nA\nB\n", ","),
        (b"Sales of May\n\na;b\n1;2\n", ";"),
    ],
)
def test_delimiters_are_found(data, delimiter):
    assert inspect(data).delimiter == delimiter


def test_a_separator_line_is_no_row_but_counts():
    assert [tuple(row) for row in read_rows(b"sep=;\na;b\n")] == [(2, ("a", "b"))]


def test_a_cell_may_hold_line_breaks_and_quotes():
    assert [tuple(row) for row in read_rows(b'a,b\n"x\ny","say ""hi"""\nc,d\n')][1:] == [
        (2, ("x\ny", 'say "hi"')),
        (3, ("c", "d")),
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.text("abcé中\",;\n' ", min_size=1), min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_the_csv_module_writes_comes_back(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["h1", "h2", "h3"], *rows])
    got = [row.values for row in read_rows(buffer.getvalue().encode("utf-8-sig"), delimiter=",")][1:]
    expected = [tuple(row) for row in rows if any(cell.strip() for cell in row)]
    assert [tuple(cell or "" for cell in row) for row in got] == [
        row[: max(i + 1 for i, cell in enumerate(row) if cell.strip())] for row in expected
    ]


# --- preview ---------------------------------------------------------------------------------------------------------

FIELDS = {
    "product": ["product code", "item", "sku", "產品編號", "产品编号"],
    "date": ["date", "日期"],
    "quantity": ["quantity", "qty", "數量", "数量"],
    "price": ["price", "unit price"],
}


def test_preview_finds_headings_below_a_title_and_maps_them():
    seen = preview(
        xlsx([("Sales 2024",), (), ("Order date", "Product Code", "QTY.", "Remark"), ("x", "A", 1, "")]), FIELDS
    )
    assert (seen.heading_row, seen.sheet) == (3, "First")
    assert seen.headings == ("Order date", "Product Code", "QTY.", "Remark")
    assert seen.mapping == {"product": 1, "date": 0, "quantity": 2}


def test_preview_maps_chinese_and_misspelt_headings():
    assert preview(TRADITIONAL.encode("cp950"), FIELDS).mapping == {"product": 0, "date": 1, "quantity": 2}
    assert preview(b"Prodcut code,Quantitiy\nA,1\n", FIELDS).mapping == {"product": 0, "quantity": 1}


def test_one_column_is_used_for_one_field_only():
    mapping = preview(
        b"price,unit price,qty\n1,2,3\n", {"price": ["price"], "unit": ["unit price"], "quantity": ["qty"]}
    )
    assert mapping.mapping == {"price": 0, "unit": 1, "quantity": 2}


def test_a_table_without_headings_says_so():
    seen = preview(b"A-1,2024-02-10,3\nB-2,2024-02-11,7\n", FIELDS)
    assert (seen.heading_row, seen.mapping) == (None, {})


def test_preview_reads_no_further_than_it_shows():
    seen = preview(b"a,b\n" + b"1,2\n" * 1000, count=5, limits=Limits(max_rows=10))
    assert len(seen.rows) == 5


# --- memory ----------------------------------------------------------------------------------------------------------


def peak_of_reading(path):
    tracemalloc.start()
    count = sum(1 for _row in read_rows(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return count, peak


def test_a_text_file_of_many_rows_is_read_in_constant_memory(tmp_path):
    path = tmp_path / "big.csv"
    with open(path, "w", encoding="utf-8") as file:
        for start in range(0, 300_000, 1000):
            file.write(
                "".join(f"P{i % 5000:05d},2024-02-{i % 28 + 1:02d},{i % 50}\n" for i in range(start, start + 1000))
            )
    count, peak = peak_of_reading(path)
    assert count == 300_000
    assert peak < 8 * 2**20


def test_a_worksheet_is_read_in_memory_that_does_not_grow_with_its_rows(tmp_path):
    peaks = []
    for rows in (2_000, 20_000):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Big")
        generator = random.Random(1)
        for i in range(rows):
            sheet.append([f"P{i % 500}", i, generator.random()])
        book.save(tmp_path / f"{rows}.xlsx")
        count, peak = peak_of_reading(tmp_path / f"{rows}.xlsx")
        assert count == rows
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 300_000
