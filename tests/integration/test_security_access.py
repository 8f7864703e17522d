"""Which role does what with which model, and that no way leads to records of another company.

The rows come from the registry of the running addons. The golden tables in tests/contracts are reviewed by a person: a
new model, a right more or less, a field of ours that portal users may read fail here until they stand there. To write
them anew: SCM_WRITE_GOLDEN=1, then read the difference.
"""

import csv
import io

import adapter
import pytest

MATRIX = adapter.ROOT / "tests" / "contracts" / "access_matrix.csv"
FIELDS = adapter.ROOT / "tests" / "contracts" / "portal_fields.csv"
#: letters that people without a role may have on our models, at most
LEAST = {"public": "-", "portal": "-", "outsider": "r"}
RIGHTS = """
from security import matrix, people
who = people.ensure(env)
result = {"rows": matrix.rows(env, who), "fields": matrix.fields_for_outsiders(env, who)}
"""
LEAKS = """
from security import matrix, people
who = people.ensure(env)
env.cr.commit()
result = matrix.leaks(env, who)
"""


@pytest.fixture(scope="module")
def found(bridges_db, inside):
    return inside(bridges_db, RIGHTS)


def as_text(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def check_golden(path, rows):
    now = as_text(rows)
    if adapter.os.environ.get("SCM_WRITE_GOLDEN"):
        path.write_text(now)
    changed = sorted(set(now.splitlines()) ^ set(path.read_text().splitlines()))
    assert not changed, f"Review, then write into {path.name} with SCM_WRITE_GOLDEN=1:\n" + "\n".join(changed)


def test_rights_are_reviewed(found):
    check_golden(MATRIX, found["rows"])


def test_fields_for_portal_users_are_reviewed(found):
    rows = [{"model": model, "field": field} for model, field in found["fields"]]
    check_golden(FIELDS, rows or [{"model": "", "field": ""}])


def test_what_holds_for_every_model(found):
    """Rules that no review may give away."""
    for row in found["rows"]:
        for role, most in LEAST.items():
            assert set(row[role]) <= set(most) | {"-"}, f"{row['model']}: {role} has {row[role]}"
        more = set(row["viewer"]) - set(row["manager"]) - {"-"}
        assert not more, f"{row['model']}: a reader may {more}, a manager may not"


def test_nothing_of_another_company(demo_db, inside):
    leaks, tried = inside(demo_db, LEAKS)
    assert tried > 200
    assert not leaks, "\n".join(leaks)
