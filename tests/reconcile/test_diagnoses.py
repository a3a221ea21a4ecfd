"""Every diagnosis that the code gives is explained in the data, and every one that is explained is given.

Here the source is read; the fixture `batch` looks at the checks of all other tests of the step.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import tasks.reconcile
from schemas.taxonomy import load

HERE = Path(tasks.reconcile.__file__).parent
FILLED = {"diagnosis", "hint", "excuse", "unsaid"}
"""Columns and variables that become the diagnosis of a check."""
ONCE = "_once"
"""The function that takes one as its second argument."""
NAME = re.compile(r"""(?:lit|format)\(f?'([a-z_]+)[:']|'([a-z_]+): ' \+""")
"""A name in a literal column, at the beginning of a pattern, or in front of a text."""


def given(source: str) -> set[str]:
    """The names of the diagnoses that a module gives."""
    values: list[ast.AST] = []
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg=name, value=value) | ast.Assign(targets=[ast.Name(id=name)], value=value):
                values += [value] if name in FILLED else []
            case ast.Call(func=ast.Name(id=name), args=[_, ast.Constant(value=given), *_]) if name == ONCE:
                names.add(given)
    return names | {"".join(name) for value in values for name in NAME.findall(ast.unparse(value))}


def test_every_diagnosis_is_explained() -> None:
    literals = {name for path in HERE.rglob("*.py") for name in given(path.read_text(encoding="utf-8"))}
    assert literals == set(load.diagnoses()["diagnosis"])


def test_an_unexplained_one_would_be_seen() -> None:
    source = "a(hint=pl.lit('x_y'), diagnosis=b.then('of: ' + c))\nunsaid = pl.format('z: {}', d)\n_once(e, 'w')"
    assert given(source) == {"x_y", "of", "z", "w"}
