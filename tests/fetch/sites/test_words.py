"""Titles of lists: which are of final accounts of the year, and what is said of the others."""

import pytest

from tasks.fetch.sites.page import Page, is_file, is_page
from tasks.fetch.sites.words import passed_over


@pytest.mark.parametrize(
    "title",
    [
        "某局2023年度部门决算",
        "某局２０２３年部门决算公开",
        "某街道办事处2023年度单位决算公开说明",
        "2024年公开：某局2023年度部门决算",
        "某区人大常委会办公室 2023 年度部门决算",
        "某市人民政府办公室2023年决算",
    ],
)
def test_final_accounts_of_the_year_are_taken(title: str) -> None:
    assert passed_over(title, 2023) is None


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("某局2023年部门预算", "its title does not speak of final accounts"),
        ("某局2022年度部门决算", "by its title it is of 2022"),
        ("某局部门决算", "its title names no fiscal year"),
        ("某区2023年财政总决算", "by its title it is the accounts of a whole government"),
        (
            "某市2023年“三公”经费决算汇总",
            "by its title it is a summary of the three-public expenses of many departments",
        ),
    ],
)
def test_others_are_passed_over_and_why(title: str, why: str) -> None:
    assert passed_over(title, 2023) == why


def test_without_a_year_every_year_will_do_and_a_pattern_narrows_it() -> None:
    assert passed_over("某局部门决算", None) is None
    assert passed_over("某局2023年度部门决算", 2023, "教育") == "its title does not match the catalogue's"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("您访问的页面不存在", "says that nothing is there any more"),
        ("404", "says that nothing is there any more"),
        ("请先登录", "asks for a login"),
        ("系统维护中", "tells of a fault of the site"),
        ("访问过于频繁，请稍后再试", "keeps programs out"),
        ("<noscript>Please enable JavaScript</noscript>", "shows its text only to browsers that run its scripts"),
    ],
)
def test_pages_that_answer_200_and_are_none_are_told(text: str, fault: str) -> None:
    page = Page(f"<html><body>{text}</body></html>".encode(), "http://a.cn/")
    assert page.fault and page.fault.endswith(fault)


def test_a_report_is_no_fault_whatever_words_it_has() -> None:
    text = "系统维护费10.00万元，电话0812-404"
    assert Page(text.encode(), "http://a.cn/").fault is None
    assert Page(f"<html><body>{'请先登录' * 400}</body></html>".encode(), "http://a.cn/").fault is None


def test_links_are_absolute_and_have_the_longer_title() -> None:
    page = Page(
        '<base href="/b/"><a href="a.html#x" title="某局2023年度部门决算">某局2023…</a>'
        '<a href="javascript:x()">打印</a><a href="mailto:a">信</a><a>空</a><a href="http://[">坏</a>'.encode("gbk"),
        "http://a.cn/c/d.html",
    )
    assert page.links("a") == [("http://a.cn/b/a.html", "某局2023年度部门决算")]


@pytest.mark.parametrize(
    ("body", "next_pages"),
    [
        ('<a href="?p=2">下一页</a><a href="?p=9">尾页</a>', ["http://a.cn/l?p=2"]),
        ("<script>createPageHTML(3,0,'index','shtml')</script>", [f"http://a.cn/index_{n}.shtml" for n in (1, 2)]),
        ('<a href="a.html">某局下一页说明</a>', []),
    ],
)
def test_where_a_list_goes_on(body: str, next_pages: list[str]) -> None:
    assert Page(body.encode(), "http://a.cn/l").following(None) == next_pages


def test_files_are_known_by_their_endings_and_pages_by_their_beginning() -> None:
    assert is_file("http://a.cn/%E5%86%B3%E7%AE%97.DOCX") and is_file("http://a.cn/d?f=1&name=a.pdf")
    assert not is_file("http://a.cn/a.html")
    assert is_page(b"\xef\xbb\xbf \n<!DOCTYPE html>", "application/pdf")
    assert not is_page(b"PK\x03\x04", "text/html")
