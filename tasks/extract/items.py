"""Members of the classifications as the subjects of figures: functions (类/款/项) and economic classes."""

from __future__ import annotations

from functools import cache

from tasks.extract.context import Context, Subject
from tasks.extract.data import clause, rows
from tasks.extract.document import FORMS
from tasks.extract.functions import Path, Resolved, function_table, parse_path

ECONOMIC_SECTION = "六"
CLASSED_SECTIONS = ("一", "三", "绩效报告")
"""Where basic spending of all sources is told by economic class."""

ECONOMIC_CONCEPT = "economic_class_expenditure"
CONCEPTS = {
    "一": "function_expenditure",
    "三": "function_expenditure",
    "四": "fiscal_function_expenditure",
    "五": "gpb_function_expenditure",
    "八": "government_fund_function_expenditure",
}
"""What an amount beside a function is, by the section's first character."""

WHOLES = {"gpb_expenditure": "五"}
"""Totals whose parts are another section's functions: some forms tell the general public budget in section 四."""

CLASS_DIGITS = 3
"""Of the code of an economic class; those below it have more."""

LATEST_YEAR = 2026
"""The classification that a text without a year is read by."""


class Items:
    """Finds the function that stands before a number; inherits class and group from the item before."""

    def __init__(self, fiscal_year: int | None) -> None:
        """Takes the year whose classification is current."""
        self._year = fiscal_year or LATEST_YEAR

    def __call__(self, words: str, context: Context) -> tuple[Subject, int] | None:
        """The function at the end of the words, and where its name begins; None where no function is named.

        A name that no function bears counts only where it is marked as one (（项）, a code): it stays without a code.
        """
        if context.section == ECONOMIC_SECTION:
            return _economic(words)
        found = self._function(words, context)
        return _economic(words, classes_only=True) if found is None and context.section in CLASSED_SECTIONS else found

    def _function(self, words: str, context: Context) -> tuple[Subject, int] | None:
        concept = CONCEPTS.get(WHOLES.get(context.whole, context.section)[:1])
        if concept is None:
            return None
        preamble = clause("preamble").match(words)
        begin = preamble.end() if preamble else 0
        path, resolved = self._resolved(words[begin:], context)
        if resolved.code is None and (lead := clause("list_lead").match(words, begin)):
            # A list begins without a mark: 用于科学技术支出…
            begin = lead.end()
            path, resolved = self._resolved(words[begin:], context)
        if not path.labels:
            return None
        if resolved.code is None and len(path.labels) == 1 and context.group[0]:
            # The only one of its name stands wherever it is told, also behind another class's items.
            resolved = function_table().resolve(path.labels, self._year)
        printed = path.labels[-1].code
        if resolved.code is None and (name := function_table().official_name(printed, self._year)):
            # The names before a printed code could not be taken apart; the code itself is known.
            resolved = Resolved(printed, printed[:-2] if len(printed) > 3 else None, name)
        marked = any(label.level or label.code for label in path.labels)
        if resolved.code is None and not (marked and path.labels[-1].name):
            return None
        lowest = resolved.code or resolved.parent_code or ""
        if lowest:
            context.group = (lowest[:3], lowest[:5] if len(lowest) >= 5 else None)
        name = resolved.official_name or path.labels[-1].name
        return Subject((concept,), resolved.code, name, resolved.parent_code), begin + path.start

    def _resolved(self, words: str, context: Context) -> tuple[Path, Resolved]:
        """The names that the words end with, and what they mean behind the item before."""
        path = parse_path(words)
        return path, function_table().resolve(path.labels, self._year, context.group)


def _economic(words: str, *, classes_only: bool = False) -> tuple[Subject, int] | None:
    """The economic class (部门预算支出经济分类) whose name ends the words; of both levels, or of the upper one."""
    found = clause("economic_name").search(words)
    member = economic_classes().get(found[1]) if found else None
    if member and classes_only and len(member[0]) > CLASS_DIGITS:
        return None
    return (Subject((ECONOMIC_CONCEPT,), *member), found.start(1)) if found and member else None


@cache
def economic_classes() -> dict[str, tuple[str, str]]:
    """By each name in compact form, code and official name: the first one where several classes share it."""
    names: dict[str, tuple[str, str]] = {}
    for _, row in rows("economic_classes.csv", "code", "name", "aliases"):
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            names.setdefault(name.translate(FORMS), (row["code"], row["name"]))
    return names
