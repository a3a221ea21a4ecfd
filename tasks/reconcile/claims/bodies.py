"""Whether a name that stands for the publisher is surely another one's, or misspelt."""

from __future__ import annotations

from functools import lru_cache

LONG = 6
"""Characters from which on a name that differs in one or two is a slip, and not another name."""

SLIPS = 2
COMMON = frozenset("省市自治区县旗镇乡街道办事处的和与及委员会局厅处室中心站所院校部队人民政府国家中国共产党机关")
"""What names of bodies share: it tells none apart."""


@lru_cache(4096)
def fault_of(name: str, entity: str, region: str | None) -> str:
    """`misspelt`, `another`, or empty where the name may be the publisher's.

    A name whose characters are all in the publisher's name, or in that with its region's, is a short form of it. A long
    one that differs in one or two characters is misspelt. One that shares none of the characters that tell
    bodies apart is another body.
    """
    official = entity.replace("（", "(").replace("）", ")")
    full = f"{region or ''}{official}"
    if set(name) <= set(full) | set("我本单位部门") or official in name:
        return ""
    if len(name) >= LONG and any(
        abs(len(name) - len(each)) <= SLIPS and 0 < distance(name, each) <= SLIPS for each in endings(official, full)
    ):
        return "misspelt"
    own, other = set(official) - COMMON - set(region or ""), set(name) - COMMON - set(region or "")
    return "another" if own and other and not own & other else ""


def endings(official: str, full: str) -> list[str]:
    """The publisher's name alone, and behind each part of its region's name."""
    return [full[start:] for start in range(len(full) - len(official) + 1)]


def distance(one: str, two: str) -> int:
    """Characters that must be changed, left out or put in to turn one text into the other."""
    row = list(range(len(two) + 1))
    for number, character in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(two, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (character != other))
    return row[-1]
