"""Whose final accounts of which year a document holds.

Reports seldom carry one reliable title line. Everything in the text that names the publishing organisation
or the fiscal year is a witness with a weight; short names count for the full one that they end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.extract.document import NOISE, Document
from tasks.extract.identity.genre import other_kind
from tasks.extract.identity.organisations import organisations
from tasks.extract.identity.regions import UNKNOWN, around
from tasks.extract.identity.titles import Title, find_title, head_lines

TITLE_WEIGHT = 50
"""What the title's organisation counts among the witnesses."""
DEFINITION_WEIGHT = 4
"""What an organisation counts for which the text defines a short name."""
ACCOUNTS_WEIGHT = 8
"""What an organisation counts that stands before 2020年度部门决算."""
REACH_BEFORE = 60
"""Characters in which an organisation's name is looked for before what is said of it."""
MOST_NAMES = 64
"""So many names are compared; a report gives a handful, a list of all units of a city gives thousands."""

TOLD = ("fiscal_year", "entity", "region_code", "kind")
"""What a catalogue can say of a report's identity."""

_NAMED_YEAR = re.compile(r"20\d\d年度?(?P<kind>部门|单位)决算")
_OPENING_YEAR = re.compile(r"\n(?:\()?(20\d\d)年(?!\d)")
_CLOSING_DATE = re.compile(r"截至(20\d\d)年12月31日")
_STOP = re.compile(r".*[\n，,。;；:、《》!?]", re.DOTALL)
_NO_NAME = re.compile(r"(?:20\d\d年度?)?(?:部门|单位)?")
_YEAR_BEHIND = re.compile(r"20\d\d年度?(?:部门|单位)?$")
_DEFINED = re.compile(r"\((?:以下|下文|文中)?(?:均|统一)?简称:?为?(?P<short>[^()\n]{2,20})\)")


class NotFinalAccounts(ValueError):
    """A document that is something else. The message says in one sentence what it is."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose final accounts of which year.

    `fiscal_year` None, `region_code` "000000", `entity` "" stand for what neither the catalogue nor the text tells.
    `entity` is the fullest printed form without spaces and without a mark such as （本级）, which `kind` holds.
    `entity_key` joins the forms of one name: the region's full name in place of the printed one, usual short forms
    (人大常委会 for 人民代表大会常务委员会), NFKC, no spaces. `title` are the printed words that tell the identity,
    the document's text from `title_start` to `title_end`. `conflict` says what the text tells otherwise than the catalogue.
    """

    fiscal_year: int | None
    region_code: str
    region_name: str | None
    entity: str
    entity_key: str
    kind: str
    title: str | None
    title_start: int | None
    title_end: int | None
    conflict: str | None


@dataclass(slots=True)
class _Candidate:
    """One printed name: where its first witness stands, and what each sort of witness counts."""

    at: int
    marks: set[str] = field(default_factory=set)
    votes: dict[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return sum(self.votes.values())


def identify(document: Document, known: Mapping[str, object], name: str) -> Identity:
    """Whose final accounts of which year the document holds.

    `known` is what the catalogue says (fiscal_year, region_code, entity, kind; None or absent where it does not): its
    word wins over the text. `name` names the document in messages. Raises NotFinalAccounts for a budget, the accounts
    of a whole government, a summary for many departments, or a text without a trace of final accounts.
    """
    # One string for all paragraphs: the position of a hit tells its paragraph by the line breaks before it.
    text = "\n" + "\n".join(paragraph.text for paragraph in document.paragraphs) + "\n"
    lines = list(head_lines(text))
    title = find_title(lines)
    kind = other_kind(text, [line.text for line in lines], title is not None)
    if kind is not None:
        what = f"is {kind}, not" if kind else "has no trace of"
        raise NotFinalAccounts(f"{name}: the document {what} the final accounts (决算) of a department or unit")

    year = _year(text, title, known)
    entity, spot, mark = _entity(document, text, title, year, known)
    region_code, region_name, entity_key = _region(entity, text, year, known)
    if title is not None:
        spot = title.start, title.end
    elif spot is None and (named := _NAMED_YEAR.search(text)):
        spot = named.span()
    start, end = _printed(document, text, *spot) if spot else (None, None)
    return Identity(
        fiscal_year=year,
        region_code=region_code,
        region_name=region_name,
        entity=entity,
        entity_key=entity_key,
        kind=_kind(text, title, mark, known),
        title=None if start is None else document.text[start:end],
        title_start=start,
        title_end=end,
        conflict=_conflict(text, title, known) if any(known.get(name) for name in TOLD) else None,
    )


def entity_key(name: str, year: int, region_code: str) -> str:
    """The key that reports of this organisation have: the name of a roster or a catalogue, normalised as printed ones are."""
    return _region("".join(name.split()), "", year, {"region_code": region_code})[2]


def _conflict(text: str, title: Title | None, known: Mapping[str, object]) -> str | None:
    """What the text says otherwise than the catalogue, e.g. "fiscal year 2020, not 2019"; None where they agree.

    A short name agrees with the full one, a region with those around it, and a text that does not tell agrees with all.
    """
    year = _year(text, title, {})
    candidates, short = _candidates(text, title)
    entity = _elected(candidates, short, year)
    mark = next(iter(candidates[entity].marks), None) if entity else None
    kind = _kind(text, title, mark, {}) if mark or (title and title.kind) else None
    code = _region(entity, text, year, {})[0] if entity else UNKNOWN
    said = {"fiscal_year": year, "entity": entity, "region_code": "" if code == UNKNOWN else code, "kind": kind}
    differing = (
        f"{name.replace('_', ' ')} {said[name]}, not {known[name]}"
        for name in TOLD
        if known.get(name) and said[name] and not _agree(name, str(known[name]), str(said[name]))
    )
    return "; ".join(differing) or None


def _agree(name: str, told: str, said: str) -> bool:
    if name == "entity":
        told, said = organisations().usual(told), organisations().usual(said)
        return told.endswith(said) or said.endswith(told)
    if name == "region_code":
        short, long = sorted((told.rstrip("0"), said.rstrip("0")), key=len)
        return long.startswith(short)
    return told == said


def _year(text: str, title: Title | None, known: Mapping[str, object]) -> int | None:
    """The fiscal year: the catalogue's, the title's, or what most of the strongest sort of witnesses say."""
    if isinstance(told := known.get("fiscal_year"), int):
        return told
    if title is not None and title.year is not None:
        return title.year
    for years in (
        [found[0][:4] for found in _NAMED_YEAR.finditer(text)],
        _OPENING_YEAR.findall(text),
        _CLOSING_DATE.findall(text),
    ):
        if years:
            return int(Counter(years).most_common(1)[0][0])
    return None


def _kind(text: str, title: Title | None, mark: str | None, known: Mapping[str, object]) -> str:
    """部门, 单位 or 本级: the catalogue's word, a mark at the name, the title, or the part headings."""
    if told := known.get("kind"):
        return str(told)
    if mark is not None:
        return "部门" if mark == "汇总" else mark
    if title is not None and title.kind is not None:
        return title.kind
    kinds = Counter(found["kind"] for found in _NAMED_YEAR.finditer(text))
    return "单位" if kinds["单位"] > kinds["部门"] else "部门"


def _entity(
    document: Document, text: str, title: Title | None, year: int | None, known: Mapping[str, object]
) -> tuple[str, tuple[int, int] | None, str | None]:
    """The organisation as printed ("" if nothing names it), where it stands in the text, and its mark."""
    candidates, short = _candidates(text, title)
    name = _elected(candidates, short, year)
    candidate = candidates.get(name)
    mark = next(iter(candidate.marks), None) if candidate else None
    spot = (candidate.at, candidate.at + len(name)) if candidate else None
    if told := known.get("entity"):
        return str(told), spot, mark if spot and organisations().usual(str(told)).endswith(name) else None
    if candidate is None or spot is None:
        return "", None, None
    printed = NOISE.sub("", document.text[slice(*_printed(document, text, *spot))])
    return printed if len(printed) == len(name) else name, spot, mark


def _elected(candidates: dict[str, _Candidate], short: dict[str, str], year: int | None) -> str:
    """The name with most votes ("" without any), where each name votes for the fullest one that it is short for."""
    names = organisations()
    divisions = next(around(year))
    usual = {name: names.usual(name) for name in candidates}
    region_end = {}
    for name, form in usual.items():
        skip = names.prefix(form)[1]
        region_end[name] = skip + divisions.place(form[skip:]).end
    votes: Counter[str] = Counter()
    marks: dict[str, set[str]] = {}
    for name, candidate in candidates.items():
        form = usual[short.get(name, name)]
        fuller = [other for other in candidates if names.says_more(form, usual[other], region_end[other])]
        # 攀枝花市西区行政审批局 for 西区行政审批局, 人民代表大会常务委员会 for 人大常委会.
        fullest = max(fuller, key=lambda other: (len(usual[other]), len(other)))
        votes[fullest] += candidate.weight
        marks.setdefault(fullest, set()).update(candidate.marks)
    if not votes:
        return ""
    winner = max(votes, key=lambda name: (votes[name], len(name)))
    candidates[winner].marks = marks[winner]
    return winner


def _candidates(text: str, title: Title | None) -> tuple[dict[str, _Candidate], dict[str, str]]:
    """All names that a witness gives, and the short names that the text defines."""
    names = organisations()
    candidates: dict[str, _Candidate] = {}
    short: dict[str, str] = {}

    def add(words: str, at: int, sort: str, weight: int, *, is_label: bool = False) -> str | None:
        if not 3 <= len(words) <= 2 * REACH_BEFORE:
            return None
        name, before, mark = names.trimmed(words)
        if not names.is_name(name) or (name not in candidates and len(candidates) >= MOST_NAMES):
            return None
        candidate = candidates.setdefault(name, _Candidate(at + before))
        candidate.votes[sort] = weight
        # In prose 机关 may be anything; only a form that names the accounts says that they are the head office's.
        if mark is not None and is_label:
            candidate.marks.add(mark)
        return name

    if title is not None and title.name:
        candidate = candidates[title.name] = _Candidate(title.name_at, votes={"title": TITLE_WEIGHT})
        if title.mark is not None:
            candidate.marks.add(title.mark)
    for labelled in names.labelled.finditer(text):
        add(labelled["name"], labelled.start("name"), labelled[1], names.weights[labelled[1]], is_label=True)
    for said in names.predicate.finditer(text):
        add(*_words_before(text, said.start()), said[0], names.weights[said[0]])
    for named in _NAMED_YEAR.finditer(text):
        add(*_words_before(text, named.start()), "决算", ACCOUNTS_WEIGHT, is_label=True)
    for defined in _DEFINED.finditer(text):
        name = add(*_words_before(text, defined.start()), "简称", DEFINITION_WEIGHT)
        if name is not None:
            short.setdefault(defined["short"], name)
    return candidates, short


def _words_before(text: str, at: int) -> tuple[str, int]:
    """The words right before a position up to the last punctuation; the line above where nothing else stands before."""
    begin = max(0, at - REACH_BEFORE)
    stop = _STOP.match(text, begin, at)
    begin = stop.end() if stop else begin
    if _NO_NAME.fullmatch(text, begin, at) and text[begin - 1] == "\n" and begin > 1:
        above = text.rfind("\n", 0, begin - 1) + 1
        return text[above : begin - 1], above
    return _YEAR_BEHIND.sub("", text[begin:at]), begin


def _region(entity: str, text: str, year: int | None, known: Mapping[str, object]) -> tuple[str, str | None, str]:
    """Code and full name of the region, and the organisation's key, which begins with that name."""
    prefix, skip = organisations().prefix(entity)
    name = entity[skip:]
    told = str(known.get("region_code") or "")
    code, full_name, end = told or UNKNOWN, None, 0
    for divisions in around(year):
        place = divisions.place(name)
        found = told or place.code or divisions.settle(name, place, text)
        if found and divisions.full_name(found):
            code, full_name = found, divisions.full_name(found)
            end = place.end if found in place.codes else 0
            break
    return code, full_name, organisations().usual(f"{prefix}{full_name or ''}{name[end:]}")


def _printed(document: Document, text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets in the document's text of positions in the joined lines."""
    first, last = (_compact(document, text, position) for position in (start, end - 1))
    return document.printed_span(first, last + 1)


def _compact(document: Document, text: str, position: int) -> int:
    number = text.count("\n", 0, position) - 1
    return document.paragraphs[number].start + position - text.rfind("\n", 0, position) - 1
