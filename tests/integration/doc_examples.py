"""Reads the calls of docs/integration.md: each ``call("model", "method", ids, name=value)`` of its Python blocks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
TITLE = re.compile(r"^## (.+)$", re.M)


@dataclass
class Call:
    """One call of an example, as far as it stands in the text."""

    title: str
    line: int
    model: str
    method: str
    positional: int
    ids: str
    named: list[str]
    fields: list[str] = field(default_factory=list)

    def __str__(self):
        return f"docs/integration.md:{self.line} ({self.title}): {self.model}.{self.method}"


def blocks(path: Path) -> list[tuple[str, int, ast.Module]]:
    """``(heading, line of its first statement, syntax tree)`` of each Python block."""
    text = path.read_text()
    titles = [(found.start(), found.group(1)) for found in TITLE.finditer(text)]
    made = []
    for found in BLOCK.finditer(text):
        title = next((name for start, name in reversed(titles) if start < found.start()), "")
        line = text[: found.start(1)].count("\n") + 1
        made.append((title, line, ast.parse(found.group(1))))
    return made


def calls(path: Path) -> list[Call]:
    """Every call with a model and a method written out, in the order of the page."""
    return [
        _read(node, title, line)
        for title, line, tree in blocks(path)
        for node in ast.walk(tree)
        if is_call(node) and all(isinstance(part, ast.Constant) for part in node.args[:2])
    ]


def is_call(node: ast.AST) -> bool:
    """Whether this is a call of the page's own ``call``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "call"


def _read(node, title, line):
    named = {part.arg: part.value for part in node.keywords if part.arg}
    ids = ast.unparse(node.args[2]) if len(node.args) > 2 else ""
    return Call(
        title,
        line + node.lineno - 1,
        node.args[0].value,
        node.args[1].value,
        len(node.args),
        ids,
        list(named),
        _texts(named.get("fields")) + _of_domain(named.get("domain")),
    )


def _texts(node):
    parts = node.elts if isinstance(node, ast.List) else []
    return [part.value for part in parts if isinstance(part, ast.Constant)]


def _of_domain(node):
    """Fields of the leaves of a domain that is written out."""
    leaves = node.elts if isinstance(node, ast.List) else []
    names = [
        leaf.elts[0].value
        for leaf in leaves
        if isinstance(leaf, (ast.Tuple, ast.List)) and leaf.elts and isinstance(leaf.elts[0], ast.Constant)
    ]
    return [name.split(".")[0] for name in names]
