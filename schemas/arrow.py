"""The declared tables as Arrow schemas: what a Parquet file tells of itself."""

from __future__ import annotations

import pyarrow as pa  # type: ignore[import-untyped]

from schemas.table import Table


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table.

    Its metadata tells the table, its grain and its key; that of each field its description, and its unit where it has one.
    """
    fields = [
        field.with_metadata({"description": column.description} | ({"unit": column.unit} if column.unit else {}))
        for field, column in zip(table.frame().to_arrow().schema, table.columns, strict=True)
    ]
    return pa.schema(fields, {"table": table.name, "grain": table.grain, "key": ",".join(table.key)})
