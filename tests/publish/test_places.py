"""Where figures and checks stand in a text."""

import polars as pl
import pytest

from tasks.publish.places import Sentences, claim_spans, number_spans, places, word_spans

TEXT = "收入12元，支出12元"


def facts(*spans: tuple[int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(list(spans), ["fact", "start", "end"], orient="row")


def mentions(*rows: tuple[int, int, str]) -> pl.DataFrame:
    told = [(number, *row, "note" if row[2] == "set_aside" else None) for number, row in enumerate(rows)]
    return pl.DataFrame(told, ["mention", "start", "end", "outcome", "reason"], orient="row")


def checks(*rows: tuple[str, list[int], list[int]]) -> pl.DataFrame:
    schema = {"verdict": pl.String, "facts": pl.List(pl.Int32), "claims": pl.List(pl.Int32)}
    return pl.DataFrame(list(rows), schema, orient="row")


def test_a_fact_stands_where_the_last_number_of_its_fragment_stands() -> None:
    read = mentions((2, 5, "fact"), (8, 11, "fact"))
    assert number_spans(facts((0, 0, 5), (1, 6, 11), (2, 0, 11)), read) == {0: (2, 5), 1: (8, 11), 2: (8, 11)}


def test_a_fact_without_a_number_stands_where_its_fragment_stands() -> None:
    assert number_spans(facts((0, 6, 8)), mentions((2, 5, "fact"))) == {0: (6, 8)}
    assert number_spans(facts((0, 6, 8)), mentions()) == {0: (6, 8)}


def test_facts_of_one_number_share_a_mark_and_a_finding_makes_it_wrong() -> None:
    found = places(
        facts((0, 0, 5), (1, 0, 5), (2, 6, 11)),
        mentions((2, 5, "fact"), (8, 11, "fact")),
        checks(("violated", [1], []), ("exact", [1, 2, 0], [])),
    )
    assert [(mark.id, mark.start, mark.wrong) for mark in found.marks] == [("f0", 2, True), ("f2", 8, False)]
    assert found.of_fact[0] is found.of_fact[1]
    assert found.of_check({"facts": [2, 1, 0]}) == ["f0", "f2"]


def test_numbers_that_state_nothing_are_marked_by_what_became_of_them() -> None:
    found = places(facts(), mentions((0, 2, "unmapped"), (3, 5, "set_aside")), checks())
    assert [(mark.kind, mark.id, mark.reason) for mark in found.marks] == [
        ("unmapped", "u0", ""),
        ("aside", "", "note"),
    ]


@pytest.mark.parametrize("other", [(1, 4, "set_aside"), (4, 9, "unmapped"), (2, 5, "set_aside"), (0, 9, "unmapped")])
def test_of_two_marks_that_overlap_the_figure_stays(other: tuple[int, int, str]) -> None:
    found = places(facts((0, 0, 5)), mentions((2, 5, "fact"), other), checks())
    assert [mark.id for mark in found.marks] == ["f0"]
    assert found.of_fact[0].id == "f0"


def test_of_two_figures_that_overlap_the_first_stands_for_both() -> None:
    found = places(facts((0, 0, 5), (1, 3, 8)), mentions(), checks())
    assert {number: mark.id for number, mark in found.of_fact.items()} == {0: "f0", 1: "f0"}


def test_a_check_is_about_the_words_of_its_claims_too() -> None:
    claims = pl.DataFrame([(4, 0, 2), (5, 6, 8), (6, 0, 2)], ["claim", "start", "end"], orient="row")
    rows = checks(("violated", [0], [5, 4, 6, 99]), ("exact", [], [5]))
    found = places(facts((0, 0, 5)), mentions((2, 5, "fact")), rows, claims)
    first = rows.row(0, named=True)
    assert word_spans(first, found.of_claim) == [(0, 2), (6, 8)]
    assert found.of_check(first) == ["w0", "f0", "w1"]
    assert claim_spans(None) == {} and word_spans({"facts": []}, found.of_claim) == []


@pytest.mark.parametrize(
    ("span", "sentence"),
    [((1, 2), "甲1"), ((5, 6), "乙2"), ((8, 9), "丙3"), ((11, 12), "丁4"), ((5, 9), "乙2；丙3"), ((8, 12), "丙3\n丁4")],
)
def test_a_sentence_ends_with_its_sign_or_its_block(span: tuple[int, int], sentence: str) -> None:
    sentences = Sentences(pl.DataFrame({"text": ["甲1。 乙2；丙3\n", "丁4 "], "start": [0, 10], "end": [10, 13]}))
    start, end = sentences.around(span)
    assert sentences.text[start:end] == sentence
