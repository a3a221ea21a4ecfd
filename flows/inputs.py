"""What a run is given: catalogues, folders and files, and the acknowledgements that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.folder import Folder
from flows.revision import HOUSE
from tasks.fetch import Catalogue, CatalogueError, Source, from_inputs

SAMPLE = HOUSE / "sources" / "sample.toml"
"""The bundled sample reports."""


def collect(inputs: Sequence[str]) -> Catalogue:
    """The catalogue of the inputs, the sample's without any.

    An input that does not exist is a source like the others, and the run will find it missing; raises
    CatalogueError when none exists, when one is a catalogue, and for catalogues that are not admissible.
    """
    paths = [Path(each) for each in inputs] or [SAMPLE]
    there = [path for path in paths if path.suffix == ".toml" or path.exists()]
    if not there:
        told = ", ".join(map(str, paths))
        raise CatalogueError(f"{told}: there is no such file or folder.")
    catalogue = from_inputs(there)
    missing = tuple(Source(name=str(path), path=str(path)) for path in dict.fromkeys(paths) if path not in there)
    return catalogue.model_copy(update={"sources": (*catalogue.sources, *missing)}) if missing else catalogue


def acknowledged_file(named: Path | None, catalogue: Catalogue, folder: Folder) -> tuple[Path, bool]:
    """The file of acknowledgements of a run, and whether somebody named it, so that it must be there."""
    file = named or catalogue.acknowledged_file
    return (file, True) if file else (folder.acknowledged, False)
