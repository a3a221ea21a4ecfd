import io
import zipfile

import pytest

from tasks.read import Unreadable, read


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows: list[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def test_paragraphs_with_tabs_and_breaks(texts, docx) -> None:
    body = """<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>支出</w:t><w:tab/><w:t xml:space="preserve">1 </w:t>
    </w:r><w:r><w:br/><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p><w:p/>"""
    assert texts(docx(body)) == ["支出\t1 \na-b\uf0fe"]


def test_the_text_is_the_blocks_each_with_a_line_break(blocks, docx) -> None:
    body = p("一") + table([tc(p("甲")), tc("<w:p/>")])
    assert "".join(blocks(docx(body))["text"]) == "一\n甲\n\n"


def test_deletions_are_left_out_and_insertions_kept(texts, docx) -> None:
    body = (
        "<w:p><w:r><w:t>支出</w:t></w:r><w:del><w:r><w:delText>90</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>100</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>万元</w:t></w:r></w:moveTo><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r></w:p>"
        f"<w:ins>{p('新段')}</w:ins>"
    )
    assert texts(docx(body)) == ["支出100万元", "新段"]


def test_a_deleted_row_is_left_out(cells, docx) -> None:
    body = table([tc(p("甲")), tc(p("乙"))]).replace("</w:tbl>", "") + (
        f"<w:tr><w:trPr><w:del/></w:trPr>{tc(p('旧'))}</w:tr><w:tr>{tc(p('丙'))}</w:tr></w:tbl>"
    )
    assert cells(docx(body)) == [(0, 0, 0, "甲"), (0, 0, 1, "乙"), (0, 1, 0, "丙")]


def test_field_codes_are_left_out(texts, docx) -> None:
    body = (
        "<w:p><w:hyperlink><w:r><w:t>一、概况</w:t></w:r></w:hyperlink>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGEREF _Toc1 \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3</w:t></w:r><w:fldSimple w:instr="PAGE"><w:r>'
        "<w:t>4</w:t></w:r></w:fldSimple></w:p>"
    )
    assert texts(docx(body)) == ["一、概况34"]


def test_content_controls_are_read(texts, docx) -> None:
    body = (
        f"<w:sdt><w:sdtPr><w:tag/></w:sdtPr><w:sdtContent>{p('目录')}<w:customXml>{p('甲')}</w:customXml></w:sdtContent></w:sdt>"
        "<w:p><w:smartTag><w:r><w:t>乙</w:t></w:r></w:smartTag></w:p>"
    )
    assert texts(docx(body)) == ["目录", "甲", "乙"]


BOX = """<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx><w:txbxContent>
{0}</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox>
</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>后</w:t></w:r></w:p>"""


def test_a_text_box_is_read_once_behind_its_paragraph(texts, docx) -> None:
    assert texts(docx(BOX.format(p("框一") + p("框二")) + p("末"))) == ["前后", "框一", "框二", "末"]
    assert texts(docx(BOX.format(BOX.format(p("内"))))) == ["前后", "前后", "内"]


def test_a_text_box_of_an_old_word_is_read(texts, docx) -> None:
    box = f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{p('框')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    assert texts(docx(box)) == ["框"]


def test_merged_cells_keep_the_columns(cells, docx) -> None:
    body = table(
        [tc(p("项目"), '<w:vMerge w:val="restart"/>'), tc(p("决算"), '<w:gridSpan w:val="2"/>'), tc(p("注"))],
        [tc(p(""), "<w:vMerge/>"), tc(p("甲")), tc(p("乙")), tc("<w:p/>")],
    ) + table(["<w:trPr><w:gridBefore w:val='2'/></w:trPr>", tc(p("1")), tc(p("2"), '<w:hMerge w:val="continue"/>')])
    assert cells(docx(body)) == [
        (0, 0, 0, "项目"),
        (0, 0, 1, "决算"),
        (0, 0, 3, "注"),
        (0, 1, 0, ""),
        (0, 1, 1, "甲"),
        (0, 1, 2, "乙"),
        (0, 1, 3, ""),
        (1, 0, 2, "1"),
        (1, 0, 3, ""),
    ]


def test_a_cell_is_one_block_of_several_lines(cells, docx) -> None:
    assert cells(docx(table([tc(p("社会") + p("") + p("效益")), tc(p("1"))])))[0] == (0, 0, 0, "社会\n效益")


@pytest.mark.parametrize(
    "frame",
    [
        [tc(p("左")), tc(table([tc(p("1")), tc(p("2"))]) + p("后"))],
        [tc(p("左") + table([tc(p("1")), tc(p("2"))]) + p("后"))],
        [tc(p("左")), tc(p("长" * 2001))],
    ],
)
def test_a_frame_is_read_as_paragraphs(blocks, docx, frame: list[str]) -> None:
    kinds = blocks(docx(table(frame)))["kind"].to_list()
    assert kinds in (["paragraph", "cell", "cell", "paragraph"], ["paragraph", "paragraph"])


def test_notes_stand_at_the_end(texts, docx) -> None:
    notes = f'<w:footnote w:type="separator">{p("—")}</w:footnote><w:footnote w:id="1">{p("注：四舍五入")}</w:footnote>'
    body = '<w:p><w:r><w:t>支出</w:t><w:footnoteReference w:id="1"/></w:r></w:p>' + p("末")
    assert texts(docx(body, footnotes=notes)) == ["支出", "末", "注：四舍五入"]


def test_the_strict_namespace_is_read(texts, archive) -> None:
    namespace = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    document = f'<w:document xmlns:w="{namespace}"><w:body>{p("甲")}</w:body></w:document>'
    assert texts(archive({"word/document.xml": document})) == ["甲"]


def test_a_large_ordinary_document_is_read(blocks, docx) -> None:
    assert blocks(docx(p("支出100万元") * 20_000)).height == 20_000


def fault(content: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        read(content, "0" * 64, "a.docx")
    return str(error.value)


def test_a_file_that_is_cut_short_is_told(docx) -> None:
    content = docx(p("甲") * 100)
    assert fault(content[: len(content) // 2]) == (
        "a.docx: the Office file or archive is damaged, cut short or encrypted: fetch it again."
    )


def test_a_damaged_part_is_told(docx, archive) -> None:
    content = bytearray(docx(p("支出") * 1000))
    where = content.index(b"word/document.xml") + 40
    content[where : where + 20] = b"\xff" * 20
    assert "damaged, cut short or encrypted" in fault(bytes(content))
    assert "damaged" in fault(archive({"word/document.xml": "<w:document"}))
    assert "damaged" in fault(archive({"word/other.xml": "<x/>"}))
    assert "holds no Word document" in fault(archive({"word/document.xml": "<x/>"}))


def test_an_encrypted_part_is_told(docx) -> None:
    content = bytearray(docx(p("支出")))
    header = content.rindex(b"PK\x01\x02", 0, content.rindex(b"word/document.xml"))
    content[header + 8] |= 1
    assert "encrypted" in fault(bytes(content))


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(40):
            part.write(b" " * 1024**2)
    assert "unpacks to more than 33,554,432 bytes: refused" in fault(buffer.getvalue())


def test_entities_are_refused(archive) -> None:
    for declared in ('<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/passwd">'):
        namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        document = (
            f'<!DOCTYPE d [{declared}]><w:document xmlns:w="{namespace}"><w:body>{p("&b;")}</w:body></w:document>'
        )
        assert "declares XML entities" in fault(archive({"word/document.xml": document}))


def test_deep_nesting_is_told(docx) -> None:
    deep = "<w:sdt><w:sdtContent>" * 200 + "</w:sdtContent></w:sdt>" * 200
    assert "damaged" in fault(docx(deep))


def test_parts_outside_of_the_package_are_not_opened(archive, texts) -> None:
    namespace = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    relations = (
        f'<Relationships {namespace}><Relationship Type="x/footnotes" Target="../../../etc/passwd"/></Relationships>'
    )
    document = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{p('甲')}</w:body></w:document>"
    )
    assert texts(archive({"word/document.xml": document, "word/_rels/document.xml.rels": relations})) == ["甲"]
