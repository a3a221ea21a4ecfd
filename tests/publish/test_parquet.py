"""The bytes of a table depend on its rows alone."""

import polars as pl
import pytest

from schemas.marts import BY_NAME
from tasks.publish import parquet


@pytest.mark.parametrize("row_group", [1_000, 7_001, 1_000_000])
def test_slices_of_any_size_give_the_same_bytes(tmp_path, monkeypatch, row_group, make):
    """More text than a page of Parquet takes, so that it has to end one."""
    monkeypatch.setattr(parquet, "ROW_GROUP", row_group)
    one = make.facts([make.fact("a", 0, "revenue_total", "1")])
    facts = one.select(pl.all().repeat_by(20_000).explode()).with_columns(
        fact=pl.int_range(20_000, dtype=pl.Int32),
        quote=pl.int_range(20_000).hash().cast(pl.String).repeat_by(5).list.join(""),
    )
    written = set()
    for size in (20_000, 6_000, 999):
        with parquet._written(BY_NAME["facts"], tmp_path) as writer:
            for part in facts.iter_slices(size):
                writer.append(part)
        file = tmp_path / "facts.parquet"
        assert pl.read_parquet(file).equals(facts)
        written.add(file.read_bytes())
    assert len(written) == 1
