"""Worksheets of .xlsx (openpyxl) and .xls (xlrd) files as streams of rows, from files that nobody vouches for.

What is checked before a library sees the file: the sizes to which an .xlsx would unpack (zip bomb), document type
declarations in its XML (entity bombs; a real workbook has none), and whether it is encrypted. openpyxl alone would
keep an empty element per row and pass over formulas that were never calculated; the reader here does neither.
"""

import warnings
import zipfile
import zlib
from xml.parsers import expat

from .cells import FORMULA_WITHOUT_VALUE
from .problems import FileProblem

try:
    import openpyxl
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet
    from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser
    from openpyxl.xml.functions import iterparse
except ImportError:  # the importer of .csv works without
    openpyxl = None
    WorkSheetParser = object
try:
    import xlrd
except ImportError:
    xlrd = None

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: parts below this size may be compressed to any degree
SMALL_PART = 20 * 2**20
#: entries of one .xlsx; real workbooks have tens
MAX_PARTS = 10_000
XML_CHUNK = 1 << 16


class Xlsx:
    """An open .xlsx workbook: ``sheets``, ``epoch_1904``, ``rows(sheet)``."""

    kind = "xlsx"

    def __init__(self, file, limits):
        if openpyxl is None:
            raise FileProblem("missing_library", library="openpyxl")
        _check_archive(file, limits)
        self._reader, self._parts = _guarded(_open_xlsx, file)
        self._book = self._reader.wb
        self.sheets = tuple(self._parts)
        self.epoch_1904 = self._book.epoch.year == 1904

    def rows(self, sheet):
        """Yield ``(number, values)`` of each row that the file holds."""
        with self._reader.archive.open(self._parts[sheet]) as source:
            parser = _SheetParser(
                source,
                self._reader.shared_strings,
                data_only=True,
                epoch=self._book.epoch,
                date_formats=self._book._date_formats,
                timedelta_formats=self._book._timedelta_formats,
            )
            stream = parser.parse()
            while (row := _guarded(next, stream, None)) is not None:
                number, cells = row
                yield number, _dense(cells)

    def close(self):
        self._reader.archive.close()


class Xls:
    """An open .xls workbook: same attributes as :class:`Xlsx`."""

    kind = "xls"

    def __init__(self, file, limits):
        if xlrd is None:
            raise FileProblem("missing_library", library="xlrd")
        data = file.read()
        _check_ole2(data)
        self._book = _guarded(_open_xls, data)
        self.sheets = tuple(self._book.sheet_names())
        self.epoch_1904 = self._book.datemode == 1

    def rows(self, sheet):
        """Yield ``(number, values)`` of each row."""
        worksheet = _guarded(self._book.sheet_by_name, sheet)
        for index in range(worksheet.nrows):
            types = worksheet.row_types(index)
            values = worksheet.row_values(index)
            yield index + 1, tuple(self._value(*cell) for cell in zip(types, values, strict=True))
        self._book.unload_sheet(sheet)

    def _value(self, kind, value):
        if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            return None
        if kind == xlrd.XL_CELL_DATE:
            try:
                return xlrd.xldate_as_datetime(value, self._book.datemode)
            except (ValueError, OverflowError):
                return value
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(value, "#N/A")
        return value

    def close(self):
        self._book.release_resources()


class _SheetParser(WorkSheetParser):
    """Reads rows only, and frees each row before the next."""

    def parse(self):
        data = None
        for event, element in iterparse(self.source, events=("start", "end")):
            if event == "start":
                if element.tag == DATA_TAG:
                    data = element
            elif element.tag == ROW_TAG:
                yield self.parse_row(element)
                data.clear()
            elif element.tag == DATA_TAG:
                return

    def parse_row(self, row):
        # heights, outlines and the like would be kept per row
        for name in set(row.attrib) - {"r"}:
            del row.attrib[name]
        return super().parse_row(row)

    def parse_cell(self, element):
        cell = super().parse_cell(element)
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            cell["value"] = FORMULA_WITHOUT_VALUE
        return cell


def _dense(cells):
    if not cells:
        return ()
    values = [None] * max(cell["column"] for cell in cells)
    for cell in cells:
        values[cell["column"] - 1] = cell["value"]
    return tuple(values)


def _open_xlsx(file):
    """The steps of ``openpyxl.load_workbook`` that rows need: it would also scan each sheet whole for its size."""
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
    sheets = {
        sheet.name: relation.target
        for sheet, relation in reader.parser.find_sheets()
        if relation.Type.endswith("/worksheet") and relation.target in reader.valid_files
    }
    return reader, sheets


def _open_xls(data):
    with _Silence() as log:
        return xlrd.open_workbook(file_contents=data, on_demand=True, logfile=log)


class _Silence:
    """xlrd prints what it finds odd; nobody would read it."""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return False

    def write(self, _text):  # pylint: disable=method-required-super
        return 0

    def flush(self):
        return None


def _guarded(function, *arguments):
    """Call into a library; whatever it raises on a damaged file becomes one clear problem."""
    try:
        return function(*arguments)
    except (FileProblem, MemoryError):
        raise
    except Exception as error:  # the libraries raise anything from KeyError to struct.error
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise FileProblem("password") from error
        raise FileProblem("corrupted", detail=f"{type(error).__name__}: {error}"[:200]) from error


def _check_ole2(data):
    """An encrypted .xlsx is an OLE2 file with a stream of that name; other programs' files are OLE2 too."""
    if not data.startswith(OLE2):
        return
    with _Silence() as log:
        document = _guarded(xlrd.compdoc.CompDoc, data, log)
    names = {entry.name for entry in document.dirlist}
    if "EncryptedPackage" in names:
        raise FileProblem("password")
    if not names & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        kind = "word" if "WordDocument" in names else "unknown"
        raise FileProblem("not_a_table", kind=kind)


def _check_archive(file, limits):
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_sizes(parts, limits)
            names = {part.filename for part in parts}
            _check_kind(archive, names)
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _check_prolog(archive, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise FileProblem("corrupted", detail=str(error)[:200]) from error
    except RuntimeError as error:
        # zipfile's way to say that an entry needs a password
        raise FileProblem("password") from error
    except (FileProblem, MemoryError):
        raise
    except Exception as error:  # offsets that point nowhere make zipfile raise anything
        raise FileProblem("corrupted", detail=f"{type(error).__name__}: {error}"[:200]) from error


def _check_sizes(parts, limits):
    if len(parts) > MAX_PARTS:
        raise FileProblem("bomb", part="*", size=len(parts), limit=MAX_PARTS)
    total = 0
    for part in parts:
        total += part.file_size
        whole = not part.filename.startswith("xl/worksheets/")
        if whole and part.file_size > limits.max_part:
            raise FileProblem("bomb", part=part.filename, size=part.file_size, limit=limits.max_part)
        if part.file_size > SMALL_PART and part.file_size > limits.max_ratio * max(part.compress_size, 1):
            limit = limits.max_ratio * part.compress_size
            raise FileProblem("bomb", part=part.filename, size=part.file_size, limit=limit)
    if total > limits.max_unpacked:
        raise FileProblem("bomb", part="*", size=total, limit=limits.max_unpacked)


def _check_kind(archive, names):
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        if "xl/workbook.bin" in names:
            raise FileProblem("not_a_table", kind="xlsb")
        return
    if any(name.startswith("word/") for name in names):
        raise FileProblem("not_a_table", kind="word")
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:200]:
        raise FileProblem("not_a_table", kind="ods")
    raise FileProblem("not_a_table", kind="zip")


class _RootReached(Exception):  # noqa: N818
    """The prolog of an XML part is over."""


def _check_prolog(archive, part):
    """A document type declaration can only stand before the root element: parse that far and no further."""
    parser = expat.ParserCreate()

    def refuse(*_declaration):
        raise FileProblem("bomb", part=part.filename, size=part.file_size, limit=0)

    def stop(*_element):
        raise _RootReached

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        with archive.open(part) as source:
            while chunk := source.read(XML_CHUNK):
                parser.Parse(chunk)
    except _RootReached:
        return
    except expat.ExpatError as error:
        raise FileProblem("corrupted", detail=f"{part.filename}: {error}"[:200]) from error
