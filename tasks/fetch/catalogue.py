"""The source catalogue: which reports a run collects, and what is known of them beforehand."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails

from schemas.roster import DEADLINE, ROSTER
from tasks.fetch import roster
from tasks.fetch.sites.description import Site

Text = Annotated[str, Field(pattern=r"^[^\x00]+$")]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]\S*$")]
Year = Annotated[int, Field(ge=1990, le=2100)]

_YEAR = "a year between 1990 and 2100, without quotation marks"
_PATH = "a path relative to the catalogue"


class CatalogueError(ValueError):
    """A catalogue, or an input of the command line, cannot be used. The message is one sentence."""


def _several(given: Any) -> Any:
    """One address is a list of one."""
    return (given,) if isinstance(given, str) else given


class _Entry(BaseModel):
    """What both models share: strict types, no unknown keys, paths relative to the catalogue."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    _base: Path = PrivateAttr(default=Path())

    def model_post_init(self, context: Any) -> None:
        """Takes the catalogue's folder, where there is one, from the validation context."""
        if isinstance(context, Path):
            self._base = context


class Source(_Entry):
    """One source: a file, a folder, a URL or a site's list of reports, with what the catalogue knows of the reports in it.

    `kind` and the other particulars win over what the text of the report says later.
    """

    name: Text = Field(description="a text that is not empty")
    path: Text | None = Field(default=None, description=_PATH)
    url: Url | None = Field(default=None, description="an address that begins with http:// or https://")
    listing: Annotated[tuple[Url, ...], BeforeValidator(_several), Field(strict=False)] = Field(
        default=(), description="an address of a page that lists reports, or a list of such addresses"
    )
    site: Site = Field(default=Site(), description="a table headed [source.site]")
    attachments: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        default=(), description="a list of paths or URLs: further files of the same report"
    )
    fiscal_year: Year | None = Field(default=None, description=_YEAR)
    region_code: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = Field(
        default=None, description="six digits in quotation marks"
    )
    entity: Text | None = Field(default=None, description="a text that is not empty")
    kind: Literal["部门", "单位", "本级"] | None = Field(default=None, description="部门, 单位 or 本级")

    @property
    def location(self) -> str:
        """The path or URL as the catalogue gives it."""
        return self.url or self.path or ""

    @property
    def told(self) -> dict[str, Any]:
        """What the catalogue says of the source's reports."""
        return self.model_dump(include={"fiscal_year", "region_code", "entity", "kind"})

    @property
    def file(self) -> Path:
        """Where the path leads."""
        return self.beside(self.path or "")

    def beside(self, path: str) -> Path:
        """Where a path of the catalogue leads."""
        return self._base / path


class Catalogue(_Entry):
    """What a run collects; `acknowledged` names the file of acknowledgements that belongs to it, `roster` that of those
    who are to publish, `deadline` until when they are to do so in the year after (month and day).
    """

    title: Text | None = Field(default=None, description="a text that is not empty")
    fiscal_year: Year | None = Field(default=None, description=_YEAR)
    acknowledged: Text | None = Field(default=None, description=_PATH)
    roster: Text | None = Field(default=None, description=_PATH)
    deadline: Annotated[str, Field(pattern=f"^{DEADLINE}$")] | None = Field(
        default=None, description='a month and a day in quotation marks, such as "09-30"'
    )
    sources: tuple[Source, ...] = Field(
        default=(), alias="source", strict=False, description="tables headed [[source]]"
    )

    _listed: tuple[tuple[Any, ...], ...] = PrivateAttr(default=())

    @property
    def listed(self) -> pl.DataFrame:
        """Who is to publish (schemas.roster.ROSTER); nobody where no roster is named."""
        return pl.DataFrame(self._listed, schema=ROSTER.schema, orient="row")

    def with_listed(self, listed: pl.DataFrame) -> Catalogue:
        """The same catalogue with this roster."""
        catalogue = self.model_copy()
        catalogue._listed = tuple(listed.rows())
        return catalogue

    @property
    def acknowledged_file(self) -> Path | None:
        """Where `acknowledged` leads, or nothing."""
        return self._base / self.acknowledged if self.acknowledged else None


def load(path: Path) -> Catalogue:
    """The catalogue in a TOML file, its default fiscal year given to every source that has none.

    Raises CatalogueError with the file, the source, the key and what is admissible.
    """
    table = _parse(path)
    try:
        catalogue = Catalogue.model_validate(table, context=path.parent)
    except ValidationError as error:
        raise CatalogueError(f"{path}: {_describe(error, table)}.") from None
    if not catalogue.sources:
        raise CatalogueError(f"{path}: names no source: add at least one table headed [[source]].")
    for number, source in enumerate(catalogue.sources, 1):
        named = f'{path}: source {number} ("{source.name}")'
        places = [key for key in ("path", "url", "listing") if getattr(source, key)]
        if len(places) != 1:
            found = f"both {' and '.join(places)}" if places else "neither path nor url nor listing"
            raise CatalogueError(f"{named} has {found}: give exactly one of them.")
        if source.attachments and source.listing:
            raise CatalogueError(f"{named} has a listing: attachments are looked for on the pages that it leads to.")
        if "site" in source.model_fields_set and not source.listing:
            raise CatalogueError(f"{named} describes a site, but names no listing: add the address of its list.")
        if source.attachments and source.path and os.path.isdir(source.file):
            raise CatalogueError(f"{named} is a folder: attachments go with one file.")
    if twice := _repeated(source.name for source in catalogue.sources):
        raise CatalogueError(f'{path}: two sources are named "{twice}": the key name must be unique.')
    sources = tuple(
        source.model_copy(update={"fiscal_year": source.fiscal_year or catalogue.fiscal_year})
        for source in catalogue.sources
    )
    complete = catalogue.model_copy(update={"sources": sources})
    if not catalogue.roster:
        return complete
    try:
        return complete.with_listed(roster.load(path.parent / catalogue.roster, catalogue.deadline or roster.DEADLINE))
    except roster.RosterError as error:
        raise CatalogueError(str(error)) from None


def from_inputs(paths: Sequence[Path]) -> Catalogue:
    """One catalogue of several inputs, each a catalogue (`.toml`), a folder or a file.

    A folder or file becomes a source that has its path as its name. Raises CatalogueError for an
    input that does not exist, and for catalogues that do not go together.
    """
    catalogues = [_from_input(path) for path in dict.fromkeys(paths)]
    if len(catalogues) == 1:
        return catalogues[0]
    acknowledged = list(dict.fromkeys(str(file) for each in catalogues if (file := each.acknowledged_file)))
    if len(acknowledged) > 1:
        raise CatalogueError(
            f"The catalogues name different acknowledgements, {', '.join(acknowledged)}: run one each."
        )
    sources = tuple(source for each in catalogues for source in each.sources)
    if twice := _repeated(source.name for source in sources):
        raise CatalogueError(f'Two of the inputs have a source named "{twice}": names must be unique.')
    years = {each.fiscal_year for each in catalogues if not each.listed.is_empty()}
    if len(years) > 1:
        raise CatalogueError("The catalogues with a roster are for different fiscal years: run one each.")
    listed = pl.concat(each.listed for each in catalogues)
    if not listed.select(ROSTER.key).is_unique().all():
        raise CatalogueError("Two of the catalogues' rosters list the same organisation: list it once.")
    merged = {"sources": sources, "fiscal_year": next(iter(years), None)}
    acknowledged_file = next(iter(acknowledged), None)
    return Catalogue(acknowledged=acknowledged_file).model_copy(update=merged).with_listed(listed)


def _from_input(path: Path) -> Catalogue:
    if path.suffix == ".toml":
        return load(path)
    if not os.path.exists(path):  # Path.exists raises where a folder above is closed
        raise CatalogueError(f"{path}: there is no such file or folder.")
    if any("\ud800" <= character <= "\udfff" for character in str(path)):
        raise CatalogueError(f"{str(path)!a}: this name is not in UTF-8: rename the file, or give its folder.")
    return Catalogue(source=(Source(name=str(path), path=str(path)),))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise CatalogueError(f"{path}: there is no such catalogue.") from None
    except OSError as error:
        raise CatalogueError(f"{path}: the catalogue cannot be opened: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CatalogueError(f"{path}: the catalogue is not in UTF-8: save it in that encoding.") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: the catalogue is not readable as TOML: {error}.") from None


def _describe(error: ValidationError, table: dict[str, Any]) -> str:
    """The first fault in words: the source, the key, what stands there and what may.

    Unknown keys come first: a misspelt key is also a missing one.
    """
    fault = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    match fault["loc"]:
        case ("source", int(index), "site", key):
            return f"{_source(index, table)}, site: {_fault(Site, str(key), fault)}"
        case ("source", int(index), key, *_):
            return f"{_source(index, table)}: {_fault(Source, str(key), fault)}"
        case (key, *_):
            return _fault(Catalogue, str(key), fault)
    raise AssertionError("a fault of the catalogue has a place")


def _fault(model: type[BaseModel], key: str, error: ErrorDetails) -> str:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    if error["type"] == "missing":
        return f"the key {key} is missing"
    if key not in fields:
        return f"unknown key {key}: known keys are {', '.join(fields)}"
    return f"{key} must be {fields[key].description}, found {error['input']!r}"


def _source(index: int, table: dict[str, Any]) -> str:
    source = table["source"][index]
    name = source.get("name") if isinstance(source, dict) else None
    return f'source {index + 1} ("{name}")' if name else f"source {index + 1}"


def _repeated(names: Iterable[str]) -> str | None:
    """The first name that stands twice."""
    seen: set[str] = set()
    return next((name for name in names if name in seen or seen.add(name)), None)  # type: ignore[func-returns-value]
