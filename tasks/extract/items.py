"""Function classes and items as the subjects of figures: 社会保障和就业（类）…（款）…（项）."""

from __future__ import annotations

import re

from tasks.extract.functions import function_table, parse_path
from tasks.extract.statements import Context, Subject

CONCEPTS = {"五": "gpb_function_expenditure", "八": "government_fund_function_expenditure"}
"""What an amount beside a function is, by the section's first character."""

LATEST_YEAR = 2026
"""The classification that a text without a year is read by."""

PREAMBLE = re.compile(r"^.*(?:;|方面:?|其中:?|如下:?|包括:?|用于:)")


class Items:
    """Finds the function that stands before a number; inherits class and group from the item before."""

    def __init__(self, fiscal_year: int | None) -> None:
        """Takes the year whose classification is current."""
        self._year = fiscal_year or LATEST_YEAR

    def __call__(self, words: str, context: Context) -> tuple[Subject, int] | None:
        """The function at the end of the words, and where its name begins; None where no function is named.

        A name that no function bears counts only where it is marked as one (（项）, a code): it stays without a code.
        """
        concept = CONCEPTS.get(context.section[:1])
        if concept is None:
            return None
        preamble = PREAMBLE.match(words)
        begin = preamble.end() if preamble else 0
        path = parse_path(words[begin:])
        if not path.labels:
            return None
        resolved = function_table().resolve(path.labels, self._year, context.group)
        marked = any(label.level or label.code for label in path.labels)
        if resolved.code is None and not (marked and path.labels[-1].name):
            return None
        lowest = resolved.code or resolved.parent_code or ""
        if lowest:
            context.group = (lowest[:3], lowest[:5] if len(lowest) >= 5 else None)
        name = resolved.official_name or path.labels[-1].name
        return Subject((concept,), resolved.code, name, resolved.parent_code), begin + path.start
