"""Names of organisations: what looks like one, how it is trimmed, and the form in which it joins with others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from tasks.extract.data import TaxonomyError, chosen, rows, whole

FILE = "organisations.csv"
ROLES = ("ending", "prefix", "alias", "self", "lead", "label", "predicate")

YEAR = re.compile(r"(?<!\d)(20\d\d)年?(?:度|(?<=年))")
"""A fiscal year as titles print it: 2020年, 2020年度."""

_MARK = re.compile(r"\((本级|本部|机关|汇总|部门|单位)\)")
_HEAD_OFFICE = frozenset({"本级", "本部", "机关"})
_LETTERS = re.compile(r"[\u3400-\u9fff〇A-Za-z0-9()·]{3,40}")
_LEVELS = "省市区县旗州镇乡街"
_LONGEST_REGION = 12
_BRACKETS = re.compile(r"\([^()]*\)$")
_CODE = re.compile(r"^(?:\[\d+\]|\d{3,}(?:\.\d+)*)[-_]?")
_DATES = re.compile(r"^.*(?<!\d)20\d\d年(?:度|末|底|\d+月(?:\d+日|末|底)?)?")
_NUMBER = re.compile(r"^(?:第[一二三四五六七八九十\d]+部分|\([一二三四五六七八九十\d]+\)|\d+\.)")
_TAIL = re.compile(r"(?:部门|单位)$")


class Organisations:
    """The rows of organisations.csv, by their role.

    `labelled` finds a name behind a label of a table or a form (group 1 the label, `name` what stands there),
    `predicate` what is said of an organisation whose name stands before it, `weights` what either counts as a witness.
    """

    def __init__(self) -> None:
        """Loads and checks the file. Raises TaxonomyError."""
        forms: dict[str, dict[str, str]] = {role: {} for role in ROLES}
        self.weights: dict[str, int] = {}
        for line, row in rows(FILE, "role", "form", "canonical", "weight"):
            role = chosen(FILE, line, row["role"], ROLES)
            if not row["form"] or bool(row["canonical"]) != (role in ("prefix", "alias")):
                raise TaxonomyError(
                    f"{FILE}, line {line}: a form is needed, and a canonical one for prefix and alias only"
                )
            forms[role][row["form"]] = row["canonical"]
            if role in ("label", "predicate"):
                self.weights[row["form"]] = whole(FILE, line, row["weight"])
        self._endings = tuple(forms["ending"])
        self._self = tuple(forms["self"])
        self._leads = re.compile(f"^(?:{_any(forms['lead'])})+")
        # The longest form goes first: 人民代表大会常务委员会 before 委员会.
        self._aliases = sorted(forms["alias"].items(), key=lambda alias: -len(alias[0]))
        self._prefixes = sorted(forms["prefix"].items(), key=lambda prefix: -len(prefix[0]))
        self.labelled = re.compile(rf"\n({_any(forms['label'])})[:\n]{{1,2}}(?P<name>[^\n]+)")
        self.predicate = re.compile(_any(forms["predicate"]))

    def is_name(self, text: str) -> bool:
        """Whether compact text looks like the name of an organisation (and not 本部门, 下属单位 or a clause)."""
        return (
            _LETTERS.fullmatch(text) is not None
            and text.count("(") == text.count(")")
            and not text.startswith(self._self)
            and "的" not in text
            and _BRACKETS.sub("", text).endswith(self._endings)
        )

    def trimmed(self, text: str) -> tuple[str, int, str | None]:
        """A name without what stands around it: (name, how many characters went before it, 本级|汇总|… if marked so)."""
        before = len(text)
        text = _NUMBER.sub("", text)
        text = _DATES.sub("", text)
        text = _CODE.sub("", text)
        text = self._leads.sub("", text)
        before -= len(text)
        mark = None
        while True:
            found = _MARK.search(text)
            if found and found.end() == len(text):
                mark, text = found[1], text[: found.start()]
            elif len(text) > 4 and text.endswith(("本级", "机关", "本部")) and self.is_name(text[:-2]):
                mark, text = text[-2:], text[:-2]
            elif self.is_name(_TAIL.sub("", text)) and _TAIL.search(text):
                text = text[:-2]
            else:
                break
        return text, before, "本级" if mark in _HEAD_OFFICE else mark

    def prefix(self, name: str) -> tuple[str, int]:
        """What stands before the region in a name (中共, 政协, …) in its usual form, and its length."""
        for form, canonical in self._prefixes:
            if name.startswith(form):
                return canonical, len(form)
        return "", 0

    def says_more(self, name: str, other: str, region_end: int) -> bool:
        """Whether `other` is the same name with more of its region before it (both in their usual form).

        `region_end` is where the region ends in `other`. 区政府办公室 and 西区政府办公室 are both short for
        攀枝花市西区政府办公室; 政务服务中心 is not for 攀枝花市西区行政审批局政务服务中心.
        """
        head = len(other) - len(name)
        return other.endswith(name) and (head <= region_end or (name[0] in _LEVELS and head <= _LONGEST_REGION))

    def usual(self, name: str) -> str:
        """The name with long forms replaced by the usual short ones (人民代表大会常务委员会 = 人大常委会), NFKC, no spaces."""
        name = "".join(unicodedata.normalize("NFKC", name).split())
        for form, canonical in self._aliases:
            name = name.replace(form, canonical)
        return name


def _any(forms: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))


@cache
def organisations() -> Organisations:
    """The organisations' file, loaded once."""
    return Organisations()
