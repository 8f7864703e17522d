"""Files from outside: kinds by name and content, sizes, names."""

import io

import pytest

from scm_kernels.supplier_eval import uploads

PDF = b"%PDF-1.7 anything"


class Upload(io.BytesIO):
    def __init__(self, filename, content):
        super().__init__(content)
        self.filename = filename


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<html>", "kind"),
        ("picture.svg", b"<svg onload=alert(1)>", "kind"),
        ("run.exe", b"MZ", "kind"),
        ("no_extension", PDF, "kind"),
        ("scan.pdf.exe", PDF, "kind"),
        ("scan.pdf", b"<html><script>alert(1)</script>", "content"),
        ("scan.pdf", b"MZ\x90\x00", "content"),
        ("photo.png", b"\xff\xd8\xff", "content"),
        ("photo.webp", b"RIFF\x00\x00\x00\x00WAVE", "content"),
        ("table.xlsx", b"<html>", "content"),
        ("table.csv", b"  <script>", "content"),
        ("table.csv", b"a;b\x00c", "content"),
        ("note.txt", b"#!/bin/sh", "content"),
        ("scan.pdf", b"", "empty"),
    ],
)
def test_refused(name, content, code):
    with pytest.raises(uploads.UploadError) as error:
        uploads.check_content(name, content)
    assert (error.value.code, error.value.name) == (code, name)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Scan.PDF", PDF, "application/pdf"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("a.csv", "名稱;1".encode(), "text/csv"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-excel"),
    ],
)
def test_taken(name, content, media_type):
    assert uploads.check_content(name, content) == media_type


def test_size_is_read_no_further_than_one_byte_more(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 20)
    file = Upload("scan.pdf", PDF + b"x" * 1000)
    with pytest.raises(uploads.UploadError) as error:
        uploads.read_uploads([file])
    assert error.value.code == "size"
    assert file.tell() == 21


def test_one_bad_file_refuses_all_and_empty_inputs_do_not_count():
    with pytest.raises(uploads.UploadError):
        uploads.read_uploads([Upload("a.pdf", PDF), Upload("b.exe", PDF)])
    assert uploads.read_uploads([Upload("", b""), None, Upload("dir/a.pdf", PDF)]) == [
        ("a.pdf", PDF, "application/pdf")
    ]
    with pytest.raises(uploads.UploadError) as error:
        uploads.read_uploads([Upload(f"{n}.pdf", PDF) for n in range(6)])
    assert error.value.code == "count"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\scan.pdf", "scan.pdf"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("", "file"),
        ("...", "file"),
        ('"><img>.png', "img.png"),
        ("憑證.pdf", "憑證.pdf"),
    ],
)
def test_names(given, kept):
    assert uploads.safe_name(given) == kept
