from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.document import Document
from tasks.read import read

PIECES = st.sampled_from(
    ["决算", "１２３．５万元", " ", "　", "[bookmark: _Toc1]", "[image: a]", "“三公”", "\n", "\t", "，", "(类)", "占9%"]
)


def document(text: str) -> Document:
    return Document("0" * 64, read(text.encode(), "0" * 64, "x.txt").blocks)


def test_compact_text_leaves_out_noise_and_widths() -> None:
    read_document = document("[bookmark: _Toc1]一、 “三公” 经费　支出１２．５０万元（占９％）\n")
    assert read_document.paragraphs[0].text == "一、三公经费支出12.50万元(占9%)"


def test_a_compact_span_maps_to_the_printed_characters() -> None:
    text = "前言\n支出 ［决］[image: image3]１ ２.5万元\n"
    read_document = document(text)
    paragraph = read_document.paragraphs[1]
    start = paragraph.start + paragraph.text.index("12.5")
    begin, end = read_document.printed_span(start, start + 4)
    assert text[begin:end] == "１ ２.5"


@given(st.lists(PIECES, min_size=1, max_size=40).map("".join).filter(str.strip))
def test_every_compact_character_maps_to_its_own_printed_one(text: str) -> None:
    read_document = document("始" + text)
    for paragraph in read_document.paragraphs:
        for offset, character in enumerate(paragraph.text):
            begin, end = read_document.printed_span(paragraph.start + offset, paragraph.start + offset + 1)
            printed = read_document.text[begin:end]
            assert len(printed) == 1
            assert printed == character or printed in "１２３．５％（）"
