"""Every public method of ours with nonsense, as somebody without a role, as a reader and as a manager.

The list comes from the registry of the running addons, see security/catalogue.py: a new method is called the day it is
there. What the arguments are, and what each role may come to, is in security/fuzz.py.
"""

import pytest
from adapter import Refused

NOBODYS = 2_000_000_011
ROLES = {"outsider": "outsider", "customer": "outsider", "viewer": "reader", "manager": "manager"}
CODE = """
import logging
from security import fuzz, people
logging.disable(logging.CRITICAL)
who = people.ensure(env)
env.cr.commit()
result = fuzz.run(env, who["home"]["{role}"], fuzz.{check})
"""


@pytest.mark.parametrize("role", ROLES)
def test_nonsense(role, demo_db, inside):
    problems, count = inside(demo_db, CODE.format(role=role, check=ROLES[role]))
    assert count > 1000
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def methods(demo_db, inside):
    return inside(
        demo_db,
        """
from security import catalogue
result = [
    [model, method, catalogue.is_on_model(env, model, method), catalogue.parameters(env, model, method)]
    for model, method in catalogue.methods(env) if not catalogue.is_odoos_own(env, model, method)
]
""",
    )


def answer(client, method, value):
    """The status that a call gets whose arguments all are the same; 200 when it is taken."""
    model, name, on_model, parameters = method
    try:
        named = {one: value for one, needed in parameters if needed}
        client.call(model, name, None if on_model else [NOBODYS], **named)
    except Refused as refused:
        return refused.status
    return 200


def test_over_both_protocols(methods, login):
    """The same over the wire: who has no role is refused, who has one is told."""
    outsider, planner = login("outsider"), login("planner")
    problems = []
    for method in methods:
        if any(one in ("model", "method", "ids") for one, _needed in method[3]):
            continue  # names that the client of these tests keeps for itself; the nonsense above has them
        model, name, on_model, parameters = method
        status = answer(outsider, method, "<script>")
        if status not in (403, 404, 422) and (model.startswith("scm.") and (model, name) != ("scm.why", "labels")):
            problems.append(f"outsider: {model}.{name}: {status}")
        if not on_model or any(needed for _name, needed in parameters):
            status = answer(planner, method, {"a": [None, -1]})
            if status not in (200, 403, 404, 422):
                problems.append(f"planner: {model}.{name}: {status}")
    assert not problems, "\n".join(problems)


def test_ids_that_are_no_numbers(login):
    with pytest.raises(Refused) as refused:
        login("planner").call("scm.alert", "action_wake", ["1; DROP TABLE scm_alert"])
    assert refused.value.status == 422
