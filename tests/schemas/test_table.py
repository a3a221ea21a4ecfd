"""How tables are declared."""

from decimal import Decimal

import polars as pl
import pytest

from schemas import companions, curated, marts, raw
from schemas.table import MONEY, Column, Table

ALL = [*raw.TABLES, *curated.TABLES, *marts.TABLES, *companions.COMPANIONS]
TABLE = Table("t", "test", "one thing", ("a",), (Column("a", pl.Int32, "A"), Column("b", MONEY, "B", nullable=True)))


@pytest.mark.parametrize("table", ALL, ids=lambda table: f"{table.layer}.{table.name}")
def test_declarations_are_sound(table):
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names), "a column is declared twice"
    assert table.key and set(table.key) <= set(names)
    assert table.schema.names() == names
    for column in table.columns:
        assert column.description
        assert not (column.values or column.pattern) or column.dtype == pl.String
        assert column.at_least is None or column.dtype.is_numeric()


@pytest.mark.parametrize("table", [table for table in ALL if table.references], ids=lambda table: table.name)
def test_references_are_to_whole_keys(table):
    keys = {other.name: other.key for other in ALL if other.layer == table.layer}
    for reference in table.references:
        assert reference.columns == keys[reference.table]
        assert set(reference.columns) <= set(table.schema)


def test_layers_name_each_table_once():
    names = [(table.layer, table.name) for table in ALL]
    assert len(set(names)) == len(names)


def test_a_frame_is_strictly_typed():
    frame = TABLE.frame({"a": [1, 2], "b": [Decimal("0.0001"), None]})
    assert frame.schema == TABLE.schema and frame["b"].to_list() == [Decimal("0.0001"), None]
    assert TABLE.frame().schema == TABLE.schema and TABLE.frame().is_empty()
    with pytest.raises(TypeError):
        TABLE.frame({"a": ["1"], "b": [None]})
