"""Reports that are consistent by construction: their words fit their figures, in every form."""

from __future__ import annotations

import hashlib
from random import Random

import polars as pl
import pytest

from schemas.raw import DOCUMENTS
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.wording import FAMILIES, random_form
from tasks.extract import extract
from tasks.read import read_all
from tasks.reconcile import reconcile

ON_PURPOSE = ("W01", "W07")
"""What the writer puts into its reports as publishers do: left-overs of the form, lost and doubled units."""


@pytest.mark.parametrize("family", FAMILIES)
def test_no_word_contradicts(family: str) -> None:
    contents = [
        FORMATS["txt"](write_report(random_figures(Random(seed), seed), seed, form=random_form(family, seed)))
        for seed in range(25)
    ]
    named = [(hashlib.sha256(content).hexdigest(), f"{n}.txt", content) for n, content in enumerate(contents)]
    ids = [each[0] for each in named]
    nothing = {name: [None] * len(ids) for name in DOCUMENTS.schema}
    documents = DOCUMENTS.frame(nothing | {"document": ids, "source": ids, "url": ids})
    done = extract(read_all(named).blocks, documents)
    checks = reconcile(done.reports, done.facts, done.mentions, done.claims)
    told = checks.filter(pl.col("equation").str.contains("^(?:C04|G|W)"))
    wrong = told.filter(~pl.col("equation").is_in(ON_PURPOSE), verdict="violated")
    assert wrong["message"].to_list() == []
    assert {"G02", "G04", "W02"} <= set(told.filter(verdict="exact")["equation"])
