"""The index that the pages search in: a script that only holds data, loaded when somebody begins to type."""

from __future__ import annotations

import json

from tasks.publish.site.grid import Regions
from tasks.publish.site.shelf import Shelf

SIGNS = {"passed": "=", "acknowledged": "✓", "held": "≠"}
"""How a report's status is told beside its year."""


def index(shelf: Shelf, regions: Regions, pages: set[str]) -> str:
    """The index as JavaScript: regions as [code, name], publishers as [id, name, kind, region, [[year, report, sign]…]].

    `pages`: the reports that have a page; the others are left out.
    """
    publishers = []
    for (entity_id,), own in shelf.reports.partition_by("entity_id", as_dict=True, maintain_order=True).items():
        last = own.row(-1, named=True)
        years = [
            [year, report_id if report_id in pages else "", SIGNS[status]]
            for year, report_id, status in own.select("fiscal_year", "report_id", "status").rows()[::-1]
        ]
        publishers.append([entity_id, last["entity"], last["kind"], last["region_code"], years])
    told = {
        "regions": [[code, regions.name(code)] for code in regions.codes if regions.name(code)],
        "publishers": publishers,
    }
    # Nothing in it can end a script, wherever it is put.
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.juesuanIndex = {data};\n"
