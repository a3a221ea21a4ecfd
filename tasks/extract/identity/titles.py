"""Titles: the lines at the beginning of a document that say whose final accounts of which year they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tasks.extract.identity.organisations import YEAR, organisations
from tasks.extract.identity.regions import around

REACH = 3000
"""Characters of the compact text in which titles are looked for: front page, site furniture, table of contents."""

_LONGEST = 80
_NUMBERED = re.compile(
    r"(?:第[一二三四五六七八九十\d]+部分|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+[、.](?!\d)|附表|目录)"
)
_SENTENCE = re.compile(r"[，。,;；?？]|\.{3}|…")
_ATTACHED = re.compile(r"^附(?:件[一二三四五六七八九十\d]*[:.、]?|[一二三四五六七八九十\d]*[:.、])")
_ACCOUNTS = re.compile(r"(?P<kind>部门|单位)?(?:\((?:部门|单位)\))?(?:财务|收支)?(?<!预)决算(?P<tail>.*)$")
_TAIL = re.compile(
    r"(?:公开|公示|编制|信息|情况|说明|报告书?|报表|数据|文本|文件|目录|分析|财务|部门|单位|预算|三公经费|绩效|自评|评价"
    r"|相关|有关|的|及|和|与|其|表|函|稿|通知|20\d\d年?度?|\([^()]*\))*(?:[-—_|·:].*)?"
)
_BEHIND = re.compile(r".*\((?P<name>[^()]{3,40})\)$")
_FILLER = re.compile(r"(?:关于|公开|公布|公示|批复|编制|的|年度|[-—:·_])+$|^(?:关于|公开|公布|公示|[-—:·_])+")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_WRITTEN_YEAR = re.compile(r"二[〇○零一二三四五六七八九]{3}(?=年)")


@dataclass(frozen=True, slots=True)
class Title:
    """A title of final accounts: where it stands in the text, and what it says.

    `year` and `name` (of the organisation, "" if none) as printed, `name_at` where the name begins, `mark` what is
    said of the name (本级, 汇总, …), `kind` 部门 or 单位 where the title says so.
    """

    start: int
    end: int
    year: int | None
    name: str
    name_at: int
    mark: str | None
    kind: str | None

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Titles that say more go first: organisation and year, organisation, year."""
        return bool(self.name) and self.year is not None, bool(self.name), self.year is not None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text, from `start` to `end`."""

    text: str
    start: int
    end: int


def head_lines(text: str) -> Iterator[Line]:
    """The lines at the beginning that can be a title: short, without a number before them, no sentence."""
    at = 0
    while at < min(REACH, len(text)):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if 1 < len(line) <= _LONGEST and _NUMBERED.match(line) is None and _SENTENCE.search(line) is None:
            yield Line(line, at, end)
        at = end + 1


def find_title(lines: list[Line]) -> Title | None:
    """The title that says most; of equal ones the first. It may be printed over several lines."""
    best: Title | None = None
    for number, line in enumerate(lines):
        if "决算" not in line.text:
            continue
        title = _parse(line)
        if title is not None:
            title = _with_lines_before(title, line, lines[max(0, number - 3) : number])
            if title.year is None and number + 1 < len(lines):
                title = _with_line_behind(title, lines[number + 1])
            if (title.name or (title.year and title.kind)) and (best is None or title.rank > best.rank):
                best = title
    return best


def _with_lines_before(title: Title, line: Line, before: list[Line]) -> Title:
    """The title together with the lines before it that belong to it: year, organisation, its region."""
    for above in reversed(before):
        if line.start - above.end > 3:
            break
        joined = Line(f"{above.text}\n{line.text}", above.start, line.end)
        longer = _parse(joined)
        if longer is None or not _belongs(above.text, title, longer):
            break
        title, line = longer, joined
    return title


def _belongs(above: str, title: Title, longer: Title) -> bool:
    """Whether a line before a title is a part of it, rather than a heading or the publisher's name of its own."""
    if not title.name:
        return longer.rank > title.rank
    divisions = next(around(title.year))
    if divisions.place(title.name).codes:
        return title.year is None and longer.name == title.name and longer.year is not None
    return divisions.place(above).end == len(above)


def _with_line_behind(title: Title, behind: Line) -> Title:
    year = YEAR.fullmatch(behind.text.strip("()"))
    return title if year is None else replace(title, end=behind.end, year=int(year[1]))


def _parse(line: Line) -> Title | None:
    """What a line says, if it has the form of a title."""
    text = _ATTACHED.sub("", line.text).strip("《》")
    text = _WRITTEN_YEAR.sub(lambda written: written[0].translate(_NUMERALS), text)
    accounts = _ACCOUNTS.search(text)
    if accounts is None or _TAIL.fullmatch(accounts["tail"]) is None:
        return None
    head = text[: accounts.start()]
    years = YEAR.findall(head) or YEAR.findall(accounts["tail"])[:1]
    title = Title(line.start, line.end, int(years[-1]) if years else None, "", line.start, None, accounts["kind"])
    # The year stands before or behind the name; what is left besides it is the name.
    pieces = [_FILLER.sub("", _FILLER.sub("", piece)) for piece in YEAR.sub(" ", head).replace("\n", "").split()]
    names = [piece for piece in pieces if piece not in ("", "部门", "单位")]
    behind = _BEHIND.fullmatch(accounts["tail"])
    if not names and behind is not None:
        name, _, mark = organisations().trimmed(behind["name"])
        return _named(title, line, name, mark) if organisations().is_name(name) else title
    if not names:
        return title
    name, _, mark = organisations().trimmed(names[-1])
    return _named(title, line, name, mark) if organisations().is_name(name) else None


def _named(title: Title, line: Line, name: str, mark: str | None) -> Title:
    """The title with its organisation, which may be printed over two lines."""
    at = line.text.find(name)
    return replace(title, name=name, mark=mark, name_at=line.start + (at if at >= 0 else line.text.find(name[0])))
