"""Taxonomy files are checked as they are loaded, and an error names the file and the line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from schemas.taxonomy import load

Loader = Callable[[Path], pl.DataFrame]


RATE = "P01,b,share,revenue_other_share,revenue_other,expenditure_total,none,"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = (load.CONCEPTS, load.EQUATIONS, load.NETWORK, load.REPEATS, load.SECTIONS)
    others = (load.INSTANCES, load.PAIRS, load.WHOLES, load.RATES, load.SPLITS, load.DIAGNOSES)
    for name in (*names, *others, load.PUBLIC_TABLES, load.PUBLIC_TABLE_WORDS):
        shutil.copy(load.FOLDER / name, tmp_path)
    return tmp_path


def test_the_files_of_the_project_are_sound(folder: Path) -> None:
    loaders = (load.concepts, load.equations, load.network, load.repeats, load.sections, load.rates, load.splits)
    for loader in (
        *loaders,
        load.diagnoses,
        load.instances,
        load.pairs,
        load.wholes,
        load.public_tables,
        load.public_table_words,
    ):
        assert loader(folder).height


@pytest.mark.parametrize(
    ("loader", "name", "row", "why"),
    [
        (
            load.concepts,
            load.CONCEPTS,
            "revenue_total,收入总计,Total,一,money,flow",
            "a second row for the same concept",
        ),
        (load.concepts, load.CONCEPTS, "x,甲,A,一,gold,flow", "unknown unit_kind 'gold'"),
        (load.concepts, load.CONCEPTS, "x,甲,A,一,money,era", "unknown period_kind 'era'"),
        (load.concepts, load.CONCEPTS, "x,,A,一,money,flow", "label_zh is empty"),
        (load.equations, load.EQUATIONS, "S01,t,f,H,sum,,,s", "a second row for the same equation"),
        (load.equations, load.EQUATIONS, "S99,t,f,X,sum,,,s", "unknown severity 'X'"),
        (load.equations, load.EQUATIONS, "S99,t,f,H,product,,,s", "unknown kind 'product'"),
        (load.equations, load.EQUATIONS, "S99,t,f,H,sum,region,,s", "unknown per 'region'"),
        (load.equations, load.EQUATIONS, "S99,t,,H,sum,,,s", "formula is empty"),
        (load.network, load.NETWORK, "S02,,,part,1,expenditure_basic,none,,zero", "a second row for the same"),
        (load.network, load.NETWORK, "S99,,,part,1,expenditure_basic,none,,zero", "unknown equation 'S99'"),
        (load.network, load.NETWORK, "S02,,,part,1,expenditure_unheard_of,none,,zero", "unknown concept"),
        (load.network, load.NETWORK, "S02,,,beside,1,expenditure_total,none,,zero", "unknown side 'beside'"),
        (load.network, load.NETWORK, "S02,,,part,2,expenditure_total,none,,zero", "unknown weight '2'"),
        (load.network, load.NETWORK, "S02,,,part,1,expenditure_total,some,,zero", "unknown member 'some'"),
        (load.network, load.NETWORK, "S02,,,part,1,expenditure_total,none,十二,zero", "unknown sections '十二'"),
        (load.network, load.NETWORK, "S02,,,part,1,expenditure_total,none,,maybe", "unknown absent 'maybe'"),
        (load.network, load.NETWORK, "S02,,,total,1,expenditure_total,none,,zero", "a total is required"),
        (load.network, load.NETWORK, "S02,x,,part,1,expenditure_total,none,,zero", "the equation has no total"),
        (load.network, load.NETWORK, "S02,x,,total,1,expenditure_total,none,,required", "the equation has no part"),
        (load.diagnoses, load.DIAGNOSES, "truncated,截断,m,a", "a second row for the same diagnosis"),
        (load.diagnoses, load.DIAGNOSES, "never_heard_of,未知,m,", "advice is empty"),
        (load.rates, load.RATES, RATE.replace("P01", "S01"), "unknown equation 'S01'"),
        (load.rates, load.RATES, RATE.replace(",b,", ",z,"), "unknown reading 'z'"),
        (load.rates, load.RATES, RATE.replace("share,rev", "part,rev"), "unknown kind 'part'"),
        (load.rates, load.RATES, RATE.replace("none", "some"), "unknown member 'some'"),
        (load.rates, load.RATES, RATE + "明年", "unknown basis '明年'"),
        (load.rates, load.RATES, RATE.replace("_other_share", "_other"), "unknown percent 'revenue_other'"),
        (load.rates, load.RATES, RATE.replace("expenditure_total", "vehicle_count"), "unknown whole 'vehicle_count'"),
        (load.rates, load.RATES, RATE.replace("expenditure_total", "revenue_total"), "a second row for the same kind"),
        (load.splits, load.SPLITS, "S01,,a,revenue_total,revenue_other,none", "unknown equation 'S01'"),
        (load.splits, load.SPLITS, "P05,,a,vehicle_count,revenue_other,none", "unknown total 'vehicle_count'"),
        (load.splits, load.SPLITS, "P05,,a,revenue_total,revenue_other,some", "unknown member 'some'"),
        (load.repeats, load.REPEATS, "staff_retired,yes,,S,", "a second row for the same concept"),
        (load.repeats, load.REPEATS, "unheard_of,yes,,S,", "unknown concept 'unheard_of'"),
        (load.instances, load.INSTANCES, "S26,held,,at_most,S,", "a second row for the same"),
        (load.instances, load.INSTANCES, "S26,nowhere,,at_most,S,", "network.csv has no such reading"),
        (load.instances, load.INSTANCES, "S27,,,repeat,S,", "unknown kind 'repeat'"),
        (load.instances, load.INSTANCES, "S27,,,sum,X,", "unknown severity 'X'"),
        (load.pairs, load.PAIRS, "J05,groups,together,vehicle_count,vehicle_count", "a second row for the same"),
        (load.pairs, load.PAIRS, "J99,x,together,vehicle_count,vehicle_count", "unknown equation 'J99'"),
        (load.pairs, load.PAIRS, "J05,x,apart,vehicle_count,vehicle_count", "unknown relation 'apart'"),
        (load.pairs, load.PAIRS, "J05,x,together,unheard_of,vehicle_count", "unknown first 'unheard_of'"),
        (load.pairs, load.PAIRS, "J05,x,together,vehicle_count,unheard_of", "unknown second 'unheard_of'"),
        (load.wholes, load.WHOLES, "S28,staff_actual,,,", "a second row for the same concept"),
        (load.wholes, load.WHOLES, "S28,staff_other_count,,perhaps,", "unknown pooled 'perhaps'"),
        (load.wholes, load.WHOLES, "S99,staff_other_count,,,", "unknown equation 'S99'"),
        (load.wholes, load.WHOLES, "S28,unheard_of,,,", "unknown concept 'unheard_of'"),
        (load.wholes, load.WHOLES, "S28,staff_other_count,unheard_of,,", "unknown limit 'unheard_of'"),
        (load.public_tables, load.PUBLIC_TABLES, "14,甲,,,revenue_total,", "unknown table '14'"),
        (load.public_tables, load.PUBLIC_TABLES, "02,甲,,,unheard_of,", "unknown concept 'unheard_of'"),
        (load.public_tables, load.PUBLIC_TABLES, "02,甲,,unheard_of,revenue_total,", "unknown after 'unheard_of'"),
        (load.public_tables, load.PUBLIC_TABLES, "02,(甲,,,revenue_total,", r"'\(甲' is not a regular expression"),
        (load.public_tables, load.PUBLIC_TABLES, "02,甲,乙),,revenue_total,", r"'乙\)' is not a regular expression"),
        (load.public_tables, load.PUBLIC_TABLES, "01,结余分配,,,revenue_total,", "a second row for the same"),
        (load.public_table_words, load.PUBLIC_TABLE_WORDS, "footer,,甲,", "unknown role 'footer'"),
        (load.public_table_words, load.PUBLIC_TABLE_WORDS, "title,14,甲,", "unknown table '14'"),
        (load.public_table_words, load.PUBLIC_TABLE_WORDS, "title,02,(甲,", r"'\(甲' is not a regular expression"),
        (load.repeats, load.REPEATS, "revenue_total,perhaps,,S,", "unknown compared 'perhaps'"),
        (load.repeats, load.REPEATS, "revenue_total,yes,十二,S,", "unknown sections '十二'"),
        (load.repeats, load.REPEATS, "revenue_total,yes,,X,", "unknown severity 'X'"),
        (load.sections, load.SECTIONS, "一,0,home", "a second row for the same section"),
        (load.sections, load.SECTIONS, "十二,first,home", "unknown rank 'first'"),
        (load.sections, load.SECTIONS, "十二,0,often", "unknown repeats 'often'"),
    ],
)
def test_a_bad_row_is_named(folder: Path, loader: Loader, name: str, row: str, why: str) -> None:
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    line = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(load.TaxonomyError, match=f"^{name}, line {line}: {why}"):
        loader(folder)


def test_mixed_kinds_of_unit_are_named(folder: Path) -> None:
    path = folder / load.NETWORK
    path.write_text(path.read_text(encoding="utf-8") + "S24,,,part,1,vehicle_count,none,,zero\n", encoding="utf-8")
    with pytest.raises(load.TaxonomyError, match="the equation mixes kinds of unit"):
        load.network(folder)


def test_an_equation_without_components_is_named(folder: Path) -> None:
    path = folder / load.EQUATIONS
    path.write_text(path.read_text(encoding="utf-8") + "S99,t,f,H,sum,,,s\n", encoding="utf-8")
    with pytest.raises(load.TaxonomyError, match=r"network\.csv: no row for equation S99"):
        load.network(folder)


def test_other_columns_are_named(folder: Path) -> None:
    path = folder / load.SECTIONS
    path.write_text("section,rank\n一,0\n", encoding="utf-8")
    with pytest.raises(load.TaxonomyError, match=r"network_sections\.csv: the columns are section, rank, not"):
        load.sections(folder)


def test_every_section_that_reading_knows_has_a_precedence() -> None:
    known = pl.read_csv(load.FOLDER / "sections.csv", infer_schema=False)["section"].str.split("（").list.first()
    assert set(known) <= set(load.sections()["section"])
