import quopri
from base64 import encodebytes

import pytest

from tasks.read import Unreadable, read
from tests.read.conftest import SHA256

PAGE = (
    '<html><head><meta charset="gb2312"></head><body><p>收入合计12.5万元</p><table><tr><td>a<td>b</table></body></html>'
)


def mail(*parts: tuple[str, str, bytes], kind: str = "multipart/related") -> bytes:
    """A web archive: content type, transfer encoding and encoded content of each part."""
    head = f'MIME-Version: 1.0\r\nX-Maker: a\r\n b\r\nContent-Type: {kind};\r\n\tboundary="=_x"\r\n\r\n'
    body = b"".join(
        f"--=_x\r\nContent-Type: {own}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + content + b"\r\n"
        for own, encoding, content in parts
    )
    return head.encode() + body + b"--=_x--\r\n"


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [
        ("quoted-printable", quopri.encodestring(PAGE.encode("gb2312"))),
        ("base64", encodebytes(PAGE.encode("gb2312"))),
        ("8bit", PAGE.encode()),
    ],
)
def test_the_page_of_a_web_archive_is_read(texts, encoding: str, encoded: bytes) -> None:
    content = mail(("image/png", "base64", b"iVBORw0KGgo="), ('text/html; charset="gb2312"', encoding, encoded))
    assert texts(content) == ["收入合计12.5万元", "a", "b"]
    assert texts(b"From: <Saved by a browser>\r\n" + content) == ["收入合计12.5万元", "a", "b"]


def test_a_page_is_chosen_before_its_plain_copy(texts) -> None:
    plain = ("text/plain", "8bit", "副本".encode())
    page = ("text/html", "8bit", "<p>正文</p>".encode())
    assert texts(mail(plain, page, kind="multipart/alternative")) == ["正文"]
    assert texts(mail(plain, kind="multipart/alternative")) == ["副本"]


def test_a_web_archive_without_a_page_is_told() -> None:
    with pytest.raises(Unreadable, match=r"^a\.doc: the web archive holds no page"):
        read(mail(("image/png", "base64", b"iVBORw0KGgo=")), SHA256, "a.doc")


def test_a_text_that_speaks_of_headers_stays_a_text() -> None:
    assert read("决算\nMIME-Version: 1.0\nContent-Type: text/html\n".encode(), SHA256, "a").format == "text"
