import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.base import sync

KEYS = st.sampled_from("abcdefgh")


def test_every_case_of_the_table():
    stored = [
        sync.StoredAlert("open-holds", 1, values={"money": 10}),
        sync.StoredAlert("open-gone", 2),
        sync.StoredAlert("snoozed-holds", 3, snoozed=True, values={"money": 5}),
        sync.StoredAlert("snoozed-gone", 4, snoozed=True),
    ]
    current = [("new", {"money": 1}), ("open-holds", {"money": 10}), ("snoozed-holds", {"money": 6})]
    plan = sync.plan_sync(stored, current)
    assert plan.open == (("new", {"money": 1}),)
    assert plan.touch == (1, 3)
    assert plan.change == {3: {"money": 6}}
    assert plan.resolve == (2,)
    assert plan.rest == (4,)


def test_surplus_alerts_of_one_key_are_resolved_and_the_snoozed_one_is_kept():
    stored = [sync.StoredAlert("a", 1), sync.StoredAlert("a", 2, snoozed=True), sync.StoredAlert("a", 3)]
    plan = sync.plan_sync(stored, [("a", {})])
    assert plan.touch == (2,)
    assert plan.resolve == (1, 3)
    assert plan.open == ()


def test_a_check_that_names_a_subject_twice_is_refused():
    with pytest.raises(ValueError, match="'a' twice"):
        sync.plan_sync([], [("a", {}), ("a", {})])


@given(
    st.lists(st.tuples(KEYS, st.booleans()), max_size=12),
    st.dictionaries(KEYS, st.integers(0, 3)),
)
def test_running_twice_changes_nothing_the_second_time(existing, now):
    stored = [sync.StoredAlert(key, i, snoozed, {"v": 0}) for i, (key, snoozed) in enumerate(existing)]
    current = [(key, {"v": value}) for key, value in now.items()]
    plan = sync.plan_sync(stored, current)
    known = {alert.id: alert for alert in stored}
    assert not any(known[i].snoozed for i in plan.resolve if sum(a.key == known[i].key for a in stored) == 1)
    after = [
        sync.StoredAlert(known[i].key, i, known[i].snoozed, {**known[i].values, **plan.change.get(i, {})})
        for i in plan.touch + plan.rest
    ] + [sync.StoredAlert(key, 100 + i, False, values) for i, (key, values) in enumerate(plan.open)]
    again = sync.plan_sync(after, current)
    assert (again.open, again.change, again.resolve) == ((), {}, ())
    assert {alert.key for alert in after} >= set(now)
