"""What a catalogue may say of a site beyond the address of its list; each key has a default that fits most sites."""

from __future__ import annotations

import re
from typing import Annotated

from cssselect import SelectorError
from lxml.cssselect import CSSSelector  # type: ignore[import-untyped]
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _selector(text: str) -> str:
    try:
        CSSSelector(text)
    except SelectorError as error:
        raise ValueError(str(error)) from None
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(str(error)) from None
    return text


Selector = Annotated[str, Field(min_length=1), AfterValidator(_selector)]
Pattern = Annotated[str, Field(min_length=1), AfterValidator(_pattern)]

_SELECTOR = "a CSS selector"


class Site(BaseModel):
    """How to find reports on a site: where its lists go on, which links count, and how gently it is to be treated."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    links: Selector = Field(default="a", description=f"{_SELECTOR} of the list's links, such as 'ul.news a'")
    title: Pattern | None = Field(default=None, description="a regular expression that titles match")
    next: Selector | None = Field(default=None, description=f"{_SELECTOR} of the link to the list's next page")
    pages: Annotated[str, Field(pattern=r"^[^{}]*\{page\}[^{}]*$")] | None = Field(
        default=None, description="an address with {page} in it, such as 'index_{page}.html'"
    )
    first_page: Annotated[int, Field(ge=0, le=2)] = Field(
        default=1, description="0, 1 or 2: the number that {page} begins with"
    )
    max_pages: Annotated[int, Field(ge=1, le=1000)] = Field(default=30, description="a number from 1 to 1000")
    max_reports: Annotated[int, Field(ge=1, le=10_000)] = Field(default=1000, description="a number from 1 to 10000")
    files: Selector = Field(default="a", description=f"{_SELECTOR} of the links to an article's files")
    pause: Annotated[float, Field(ge=0, le=60, strict=False)] = Field(
        default=1.0, description="seconds between two requests, from 0 to 60"
    )
    allow_private: bool = Field(
        default=False, description="true or false: whether the list may stand in a private network"
    )
