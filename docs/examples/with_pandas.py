"""Three questions with pandas: python docs/examples/with_pandas.py data/marts/current.

dtype_backend="pyarrow" keeps amounts exact: without it they are Python objects, and slow.
"""

import sys
from pathlib import Path

import pandas as pd


def vehicles(marts: Path) -> pd.DataFrame:
    """Who spends most on official vehicles? The three largest of each fiscal year, in yuan.

    Departments only: their accounts contain those of their units.
    """
    table = pd.read_parquet(marts / "three_public.parquet", dtype_backend="pyarrow")
    spent = table[(table["component"] == "official_vehicle") & (table["kind"] == "部门") & (table["amount"] > 0)]
    spent = spent.sort_values(["fiscal_year", "amount", "entity"], ascending=[True, False, True])
    return spent.groupby("fiscal_year").head(3)[["fiscal_year", "region_name", "entity", "amount"]]


def wrong_base(marts: Path) -> pd.DataFrame:
    """Whose published growth is computed on the wrong base? On the amount of this year instead of that of the year before.

    printed and right are in percent; right is what follows from the printed amounts. Held reports are told too: see status.
    """
    table = pd.read_parquet(marts / "findings.parquet", dtype_backend="pyarrow")
    wrong = table[
        (table["equation"] == "G01")
        & table["verdict"].isin(["violated", "acknowledged"])
        & (table["diagnosis"] == "wrong_base").fillna(False)
    ]
    wrong = wrong.assign(concept=wrong["instance"].str.replace("/.*", "", regex=True))
    wrong = wrong.sort_values(["fiscal_year", "entity", "kind", "concept", "instance"])
    wrong = wrong.rename(columns={"lhs": "printed", "rhs": "right"})
    return wrong[["fiscal_year", "entity", "kind", "status", "concept", "printed", "right", "sentence"]]


def functions(marts: Path) -> pd.DataFrame:
    """How did a department's spending by function move over the years? Classes (类) of the general public budget, in yuan.

    change is empty in the first year, and where the year before is not there or does not state the function.
    """
    table = pd.read_parquet(marts / "spending_by_function.parquet", dtype_backend="pyarrow")
    classes = table[(table["budget"] == "general") & (table["level"] == "类").fillna(False) & table["amount"].notna()]
    same = ["region_code", "entity_key", "kind", "code", "fiscal_year"]
    before = classes[[*same, "amount"]].rename(columns={"amount": "before"})
    before["fiscal_year"] += 1
    moved = classes.merge(before, on=same, how="left")
    moved["change"] = moved["amount"] - moved["before"]
    moved = moved.sort_values(["entity", "kind", "code", "fiscal_year"])
    return moved[["entity", "kind", "code", "name", "fiscal_year", "amount", "change"]]


if __name__ == "__main__":
    release = Path(sys.argv[1]).resolve()  # the release's own folder, which no later run touches
    for question in (vehicles, wrong_base, functions):
        print(question(release).to_string(index=False))
