"""docs/integration.md is held against the server: each call fits the method that it names, each reading call runs.

What changes data runs in the test that each section names (`tests/integration/test_rpc_*.py`), with least rights.
"""

import ast
import json

import adapter
import doc_examples
import pytest

PAGE = adapter.ROOT / "docs" / "integration.md"
# Methods that only read, by name or, where it ends with _, by how the name begins
READING = ("get_", "search_", "search", "read", "formatted_read_group", "labels", "morning_summary", "packing_queue")
# Numbers that stand for any record
STAND_INS = {"product_id": "product.product", "warehouse_id": "stock.warehouse", "categ_id": "product.category"}
CHECK = """
import inspect, json
from odoo.service.model import get_public_method

def wrong(model, method, given, ids, named, fields):
    if model not in env:
        return "" if model in OTHERS else "no such model"
    try:
        function = get_public_method(env[model], method)
    except Exception as problem:
        return str(problem)
    alone = getattr(function, "_api_model", False)
    if given > 3:
        return "call() of the page takes model, method and ids; the rest by name"
    if method == "create":
        return "" if "vals_list" in named else "create takes vals_list by name"
    if not alone and not ids:
        return "works on records: it needs their ids"
    if alone and ids:
        return "takes no ids: JSON-2 refuses them"
    try:
        inspect.signature(function).bind(env[model], **dict.fromkeys(named))
    except TypeError as problem:
        return str(problem)
    if method.startswith(("search", "read")):
        unknown = [name for name in fields if name not in env[model]._fields]
        return f"no field {', '.join(unknown)}" if unknown else ""
    return ""

result = {str(number): wrong(*one) for number, one in enumerate(CALLS)}
"""


@pytest.fixture(scope="module")
def examples():
    return doc_examples.calls(PAGE)


def test_each_call_fits_its_method(examples, demo_db):
    asked = [[one.model, one.method, one.positional, one.ids, one.named, one.fields] for one in examples]
    others = ["helpdesk.ticket", "scm.sla.policy", "scm.sla.clock"]
    head = f"import json\nCALLS = json.loads({json.dumps(json.dumps(asked))})\nOTHERS = {others!r}\n"
    said = adapter.shell(demo_db, head + CHECK)
    wrong = [f"{one}: {said[str(number)]}" for number, one in enumerate(examples) if said[str(number)]]
    assert len(examples) > 250
    assert not wrong, "\n" + "\n".join(wrong)


class Runner(ast.NodeTransformer):
    """Runs the statements of a block that only read and whose names are known, one after the other."""

    def __init__(self, client, chief):
        self.client, self.chief, self.done = client, chief, []
        self.records = {key: client.call(model, "search", domain=[], limit=1)[0] for key, model in STAND_INS.items()}

    def visit_keyword(self, node):
        if node.arg in self.records and isinstance(node.value, ast.Constant) and type(node.value.value) is int:
            node.value = ast.Constant(self.records[node.arg])
        return self.generic_visit(node)

    def call(self, *given, **named):
        """As a planner; where his role does not read it, as the administrator: rights are others' tests."""
        try:
            return self.client.call(*given, **named)
        except adapter.Refused as refused:
            if refused.status != 403:
                raise
            return self.chief.call(*given, **named)

    def run(self, title, line, tree):
        names = {"call": self.call, "__builtins__": {"str": str, "len": len, "next": next}}
        for statement in tree.body:
            asked = [node for node in ast.walk(statement) if doc_examples.is_call(node)]
            if not isinstance(statement, (ast.Assign, ast.Expr)) or not self._may(statement, asked, names):
                continue
            program = ast.Module([ast.fix_missing_locations(self.visit(statement))], type_ignores=[])
            try:
                exec(compile(program, PAGE.name, "exec"), names)
            except (IndexError, StopIteration):  # the demo company has none of these just now
                continue
            except ValueError as problem:
                if "not enough values to unpack" not in str(problem):  # as above
                    raise
            except (adapter.Refused, KeyError, TypeError) as problem:
                pytest.fail(f"{PAGE.name}:{line + statement.lineno - 1} ({title}): {problem}")
            self.done += [f"{node.args[0].value}.{node.args[1].value}" for node in asked]

    def _may(self, statement, asked, names):
        inside = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        made = {node.id for node in inside if isinstance(node.ctx, ast.Store)}
        known = {node.id for node in inside} - made <= set(names) | set(names["__builtins__"])
        return known and all(_reads(node) for node in asked)


def _reads(node):
    if not all(isinstance(part, ast.Constant) for part in node.args[:2]):
        return False
    method = node.args[1].value
    return any(method.startswith(name) if name.endswith("_") else method == name for name in READING)


def test_reading_calls_run(login):
    runner = Runner(login("planner"), login("admin"))
    for title, line, tree in doc_examples.blocks(PAGE):
        if "helpdesk" not in title:
            runner.run(title, line, tree)
    assert len(runner.done) > 30, runner.done
