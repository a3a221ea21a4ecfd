import pytest

from tasks.read import Unreadable, read
from tasks.read.html import read_html


def test_block_elements_and_breaks_are_paragraphs(texts) -> None:
    page = "<h1>标题</h1>一<div>二<p>三<br>四</div>五<ul><li>六<li><a>七</a></ul><dl><dt>八<dd>九</dl>"
    assert texts(page) == ["标题", *"一二三四五六七八九"]


def test_white_space_collapses_and_entities_are_read(texts) -> None:
    page = "<p>  本年\n\t收入 <b> 100 </b>万元&nbsp;&amp;&#20915;&ensp;</p><p>\n</p><p>&nbsp;</p>"
    assert texts(page) == ["本年 收入 100 万元\xa0&决\u2002"]


def test_preformatted_lines_stay_apart(texts) -> None:
    assert texts("<html><pre>一、概况\n二、情况</pre>后文\n接续") == ["一、概况", "二、情况", "后文 接续"]


def test_the_text_is_the_blocks_each_with_a_line_break(blocks) -> None:
    assert "".join(blocks("<p>一<table><tr><td>甲<td></table>")["text"]) == "一\n甲\n\n"


def test_what_is_not_the_report_is_left_out(texts) -> None:
    page = """<html><head><title>页</title><style>p{}</style></head><body><nav>首页</nav>
    <ul><li><a href=a>新闻</a></li><li><a href=b>公开</a></li></ul><script>var a = "<p>1</p>";</script><!-- 注 -->
    <p>正文</p><ul><li>附件：<a href=c>表</a></li></ul><select><option>年</select><footer>版权</footer>"""
    assert texts(page) == ["正文", "附件：表"]


def test_a_list_of_links_may_hold_another(texts) -> None:
    menu = "<ul><li><a>新闻</a><ul><li><a>公开</a></ul></ul>"
    assert texts(f"<p>正文</p>{menu}") == ["正文"]
    assert texts(f"<p>正文</p>{menu.replace('<a>公开</a>', '公开')}") == ["正文", "新闻", "公开"]


def test_words_own_pages(texts) -> None:
    page = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><p class=MsoNormal><![if !supportEmptyParas]>
    支出<![endif]><o:p>&nbsp;</o:p></p><!--[if gte mso 9]><xml><w:x>1</w:x></xml><![endif]--></html>"""
    assert texts(page) == ["支出\xa0"]


def test_spans_shift_the_cells_behind_them(cells) -> None:
    page = """<table><tr><td rowspan=2>项目<td colspan=2>决算<td rowspan=3>注</tr>
    <tr><td>甲<td>乙</tr><tr><th>合计<td>1<td>2</tr><tr><td>末<td><td colspan=x>3</table>"""
    assert cells(page) == [
        (0, 0, 0, "项目"),
        (0, 0, 1, "决算"),
        (0, 0, 3, "注"),
        (0, 1, 1, "甲"),
        (0, 1, 2, "乙"),
        (0, 2, 0, "合计"),
        (0, 2, 1, "1"),
        (0, 2, 2, "2"),
        (0, 3, 0, "末"),
        (0, 3, 1, ""),
        (0, 3, 2, "3"),
    ]


def test_a_cell_is_one_block_of_several_lines(cells) -> None:
    page = "<table><thead><tr><th><p>社会</p><p>效益</p><th>a<br>b</thead><tbody><tr><td>1<td>2</tbody></table>"
    assert cells(page)[:2] == [(0, 0, 0, "社会\n效益"), (0, 0, 1, "a\nb")]


def test_a_layout_table_is_read_as_paragraphs(texts, cells) -> None:
    page = "<table><tr><td>左<td><p>前文</p><table><tr><td>1<td>2</table>后文</table>"
    assert texts(page) == ["左", "前文", "1", "2", "后文"]
    assert cells(page) == [(0, 0, 0, "1"), (0, 0, 1, "2")]


@pytest.mark.parametrize(
    "table",
    [
        "<tr><td>一<tr><td>二",
        f"<tr><td>一<td>{'长' * 2001}",
        "<tr>散<td>一<td>二",
    ],
)
def test_tables_that_are_none_lose_no_text(texts, cells, table: str) -> None:
    assert cells(f"<table>{table}</table>") == []
    assert texts(f"<table>{table}</table>")[0] in ("一", "散")


def test_a_caption_is_a_paragraph_before_its_table(texts, cells) -> None:
    page = "<table><caption>公开01表</caption><tr><td>1<td>2</table><p>后文"
    assert texts(page) == ["公开01表", "1", "2", "后文"]
    assert len(cells(page)) == 2


PAGE = "<html><head><meta charset={}></head><p>部门决算公开</p>"


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "gb18030"),
        ("gb2312", "utf-8"),
        ("utf-8", "gbk"),
        ("none", "gbk"),
        ("utf-8", "utf-16"),
        ("gbk", "utf-8-sig"),
    ],
)
def test_the_encoding_is_the_actual_one(texts, declared: str, actual: str) -> None:
    assert texts(PAGE.format(declared).encode(actual)) == ["部门决算公开"]


def test_big5_is_read_where_it_is_declared(texts) -> None:
    assert texts('<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>部門決算'.encode("big5")) == [
        "部門決算"
    ]


def test_external_entities_are_not_resolved(texts, tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><p>a&x;</p></html>'
    assert not any("geheim" in text for text in texts(page))


def test_deep_nesting_is_read_or_told_and_never_cut(texts) -> None:
    assert texts("<div>" * 300 + "x") == ["x"]
    with pytest.raises(Unreadable, match="nested too deeply to be read whole"):
        read(b"<div>" * 100_000 + b"x", "0" * 64, "a.html")


def test_huge_spans_are_cut(cells) -> None:
    row = "<tr>" + "<td rowspan=99999999 colspan=99999999>x" * 20 + "</tr>"
    columns = [column for _, _, column, _ in cells(f"<table>{row * 100}</table>")]
    assert columns[:20] == list(range(0, 2000, 100))
    assert max(columns) == 1000 + 19 * 100


@pytest.mark.parametrize(
    "link",
    [
        '<a href="files/P020230901.docx">某局2022年度部门决算</a>',
        '<iframe src="/pdf/P020230901.docx?v=1"></iframe>',
        '<object data="P020230901.docx"></object>',
    ],
)
def test_a_page_that_only_leads_to_its_report_says_where(link: str) -> None:
    page = f"<html><body><h1>某局2022年度部门决算公开</h1><p>附件：</p>{link}</body></html>".encode()
    with pytest.raises(
        Unreadable, match=r"a\.html: the page holds no amounts, but leads to files: \S*P020230901\.docx"
    ):
        read_html(page, "a.html")


def test_a_report_with_attachments_is_read() -> None:
    page = '<html><body><p>本年支出合计10万元。</p><a href="tables.xls">附表</a></body></html>'.encode()
    assert "".join(read_html(page, "a.html").text) == "本年支出合计10万元。\n附表\n"
