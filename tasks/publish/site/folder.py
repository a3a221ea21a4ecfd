"""The folder of a site in the making, and the step that puts it in the place of the former one.

    site                  a relative link to one of .sites
    .sites/<8 digits>/    the site that stands

A reader finds the old site or the new one, never a mixture; the old one is removed when the link has turned.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4


class SiteError(RuntimeError):
    """The site cannot be put into its place. The message says where, why and what to do."""


@dataclass(slots=True)
class Staging:
    """A site in the making, which `link` is to lead to.

    sizes: bytes of each page and asset, by its path in the site. kept: how many of them were taken over from the site that stands.
    """

    link: Path
    name: str = field(default_factory=lambda: uuid4().hex[:8])
    sizes: dict[str, int] = field(default_factory=dict)
    kept: int = 0

    @property
    def folder(self) -> Path:
        """Where the site is made, and stands then."""
        return self.link.with_name(".sites") / self.name

    def begin(self) -> None:
        """Makes the folder. Raises SiteError where something else stands in the place of the link."""
        if self.link.exists() and not self.link.is_symlink():
            raise SiteError(f"{self.link} is in the place of the site: move it away and run again")
        self.folder.mkdir(parents=True)

    def write(self, page: str, content: str) -> None:
        """Writes one page or asset."""
        self.sizes[page] = self._place(page).write_bytes(content.encode())

    def keep(self, page: str) -> bool:
        """Takes a page over from the site that stands, if it is there; it costs no room."""
        before = self.link / page
        if not before.is_file():
            return False
        link_or_copy(before, self._place(page))
        self.sizes[page] = before.stat().st_size
        self.kept += 1
        return True

    def attach(self, file: Path, page: str) -> None:
        """Puts a file that never changes into the site, as a second name of it where that is possible."""
        link_or_copy(file, self._place(page))

    def switch(self) -> None:
        """Turns the link to this site, and removes every other one: the former one, and what killed runs have left."""
        turned = self.link.with_name(f".{self.link.name}.partial")
        turned.unlink(missing_ok=True)
        turned.symlink_to(self.folder.relative_to(self.link.parent))
        os.replace(turned, self.link)
        for former in self.folder.parent.iterdir():
            if former.name != self.name:
                shutil.rmtree(former)

    def _place(self, page: str) -> Path:
        path = self.folder / page
        path.parent.mkdir(exist_ok=True)
        return path


def link_or_copy(file: Path, to: Path) -> None:
    """A second name of a file, or a copy where the file system has no second names."""
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)
