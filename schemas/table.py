"""How a table is declared: its columns once, from which everything else is generated.

The declarations carry no validation engine, so that a command which only reads figures out of one
report need not load one. `schemas.validate` turns them into pandera schemas, `schemas.dictionary`
into the data dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from polars.datatypes import DataType, DataTypeClass

MONEY = pl.Decimal(24, 4)
"""Yuan. Four decimals hold every figure printed in 元, 万元 or 亿元 exactly."""

NUMBER = pl.Decimal(24, 6)
"""A printed number in its own unit, or a side of an equation in its base unit."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, type, what it means, and what may stand in it.

    `values` lists the only admissible values, `pattern` is a regular expression that a whole value
    must match, `at_least` the smallest admissible number. `unit` is yuan, percent, characters, …
    """

    name: str
    dtype: DataType | DataTypeClass
    description: str
    unit: str = ""
    nullable: bool = False
    values: tuple[str, ...] = ()
    pattern: str = ""
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns by which every row names one row of another table of the layer, where they are the key; none is named where
    one of them is empty.
    """

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one layer. `grain` says what one row is, `key` which columns identify it, `references` which rows of
    other tables it names.
    """

    name: str
    layer: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = ()

    @property
    def schema(self) -> pl.Schema:
        """Column names and polars types, in order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def frame(self, columns: Mapping[str, Sequence[object] | pl.Series] | None = None) -> pl.DataFrame:
        """A frame of this table from one sequence or series per column, strictly typed; empty without any.

        Raises ValueError where a column is forgotten or unknown: a frame would fill it with nulls in silence.
        """
        columns = columns or {}
        if columns and columns.keys() != self.schema.keys():
            raise ValueError(
                f"{self.name}: columns {sorted(columns.keys() ^ self.schema.keys())} are missing or unknown"
            )
        return pl.DataFrame(columns, schema=self.schema, strict=True)
