"""All rules of words at once."""

from __future__ import annotations

import polars as pl

from tasks.reconcile.claims.comparisons import budget_words, directions, no_change
from tasks.reconcile.claims.copied import copied
from tasks.reconcile.claims.lost import lost_units
from tasks.reconcile.claims.places import left_overs, other_bodies, reasons, typing_errors, years
from tasks.reconcile.claims.scores import scores
from tasks.reconcile.claims.tables import tables


def claims(reports: pl.DataFrame, facts: pl.DataFrame, figures: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The checks of words: the columns of curated.checks but those that name publisher, year and finding.

    `figures` are the facts as comparable figures (`tasks.reconcile.figures`), `told` is the table curated.claims.
    """
    # A line of the document may end within words: messages are one line.
    told = told.with_columns(pl.col("words").str.replace_all(r"\s", ""))
    return pl.concat(
        [
            budget_words(told, figures),
            no_change(told, figures),
            directions(facts, figures),
            years(told),
            left_overs(told),
            other_bodies(told, reports),
            reasons(told),
            typing_errors(told),
            copied(told, facts),
            tables(told, figures),
            scores(told),
            lost_units(facts),
        ]
    )
