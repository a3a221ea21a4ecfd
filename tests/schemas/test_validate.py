"""Every kind of check catches what it is for: one test each with data that breaks it, and nothing else."""

from decimal import Decimal

import polars as pl
import pytest

from schemas.table import MONEY, Column, Table
from schemas.validate import TableError, validate, write

TABLE = Table(
    name="things",
    layer="test",
    grain="one thing",
    key=("id", "part"),
    columns=(
        Column("id", pl.String, "Identity", pattern=r"[0-9a-f]{4}"),
        Column("part", pl.Int32, "Part", at_least=0),
        Column("kind", pl.String, "Kind", values=("good", "better"), nullable=True),
        Column("amount", MONEY, "Amount", unit="yuan", nullable=True, at_least=-5),
        Column("parts", pl.List(pl.Int32), "Parts"),
    ),
)
GOOD = TABLE.frame(
    {
        "id": ["00ff", "00ff", "abcd"],
        "part": [0, 1, 0],
        "kind": ["good", "better", None],
        "amount": [Decimal("12.3456"), Decimal(-5), None],
        "parts": [[1, 2], [], [3]],
    }
)


def with_value(column: str, value: object) -> pl.DataFrame:
    """The good frame with one bad value in its second row, of the declared type."""
    values = GOOD[column].to_list()
    return GOOD.with_columns(pl.Series(column, [values[0], value, values[2]], dtype=TABLE.schema[column]))


def test_good_data_passes_unchanged():
    assert validate(GOOD, TABLE).equals(GOOD)
    assert validate(TABLE.frame(), TABLE).is_empty()


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        pytest.param(with_value("id", None), "id", id="null"),
        pytest.param(with_value("part", None), "part", id="null in a number"),
        pytest.param(with_value("parts", None), "parts", id="null in a list column"),
        pytest.param(with_value("kind", "best"), "kind.*best", id="value outside the list"),
        pytest.param(with_value("kind", ""), "kind", id="empty text outside the list"),
        pytest.param(with_value("id", "00fg"), "id.*00fg", id="pattern"),
        pytest.param(with_value("id", "00fff"), "id.*00fff", id="pattern on a part of the value"),
        pytest.param(with_value("id", "x00ff"), "id.*x00ff", id="pattern at the end of the value"),
        pytest.param(with_value("id", "00ff\n"), "id", id="pattern before a line break"),
        pytest.param(with_value("part", -1), "part.*-1", id="at least"),
        pytest.param(with_value("amount", Decimal("-5.0001")), "amount.*5.0001", id="at least, decimal"),
        pytest.param(GOOD.cast({"part": pl.Int64}), "part.*Int", id="wrong type"),
        pytest.param(GOOD.cast({"part": pl.String}), "part", id="wrong type of a column with a limit"),
        pytest.param(
            GOOD.with_columns(id=pl.Series([1, 2, 3], dtype=pl.Int32)), "id", id="wrong type of a column with a pattern"
        ),
        pytest.param(GOOD.cast({"kind": pl.Categorical}), "kind", id="wrong type of a column with values"),
        pytest.param(GOOD.cast({"parts": pl.List(pl.Int64)}), "parts", id="wrong type within a list"),
        pytest.param(GOOD.cast({"amount": pl.Float64}), "amount", id="float for money"),
        pytest.param(GOOD.cast({"amount": pl.Decimal(24, 6)}), "amount", id="decimal scale"),
        pytest.param(GOOD.cast({"amount": pl.Decimal(38, 4)}), "amount", id="decimal precision"),
        pytest.param(GOOD.with_columns(extra=1), "extra", id="extra column"),
        pytest.param(GOOD.drop("kind"), "kind", id="missing column"),
        pytest.param(GOOD.drop("id"), "id", id="missing column of the key"),
        pytest.param(GOOD.select("part", "id", "kind", "amount", "parts"), "order", id="wrong order"),
        pytest.param(pl.concat([GOOD, GOOD[:1]]), "00ff", id="duplicate key"),
    ],
)
def test_bad_data_is_caught(frame, words):
    with pytest.raises(TableError, match=rf"(?s)^test\.things: .*{words}"):
        validate(frame, TABLE)


def test_a_null_in_the_key_does_not_hide_a_duplicate():
    table = Table("t", "test", "x", ("a",), (Column("a", pl.String, "A", nullable=True),))
    with pytest.raises(TableError):
        validate(pl.DataFrame({"a": [None, None]}, schema=table.schema), table)


def test_lazy_frames_are_refused():
    with pytest.raises(TypeError, match="only eager frames are validated, got LazyFrame"):
        validate(with_value("id", None).lazy(), TABLE)


def test_all_failures_are_counted_and_the_first_are_told():
    frame = with_value("kind", "best").with_columns(part=pl.lit(-7, pl.Int32))
    with pytest.raises(TableError) as caught:
        validate(frame, TABLE)
    assert "-7" in str(caught.value) and "best" in str(caught.value)


def test_bad_data_is_not_written(tmp_path):
    path = tmp_path / "folder" / "things.parquet"
    with pytest.raises(TableError):
        write(with_value("id", None), TABLE, path)
    assert not path.parent.exists()


def test_what_is_written_reads_back_the_same(tmp_path):
    path = tmp_path / "folder" / "things.parquet"
    assert write(GOOD, TABLE, path) == path
    assert pl.read_parquet(path).equals(GOOD) and pl.read_parquet_schema(path) == TABLE.schema
    assert [entry.name for entry in path.parent.iterdir()] == ["things.parquet"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = write(GOOD, TABLE, tmp_path / "things.parquet")
    before = path.read_bytes()
    with pytest.raises(TableError):
        write(with_value("part", -1), TABLE, path)
    assert path.read_bytes() == before
