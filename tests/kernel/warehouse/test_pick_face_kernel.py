"""Pick faces: limits, refills and the share of bulk, by their properties."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.warehouse.pick_face import FINE, NOW, busy_day, days_left, face_limits, refills, share_bulk

quantities = st.integers(0, 500).map(float)


@given(
    st.floats(0, 50),
    st.floats(0, 100),
    st.floats(0, 10),
    st.floats(0, 5),
    st.sampled_from([1.0, 6.0, 24.0]),
    quantities,
)
def test_limits_are_whole_cases_in_order_and_in_the_room(per_day, busy, cover, reserve, case, room):
    [low], [high] = face_limits([per_day], [busy], [cover], [reserve], [case], [room])
    assert 0 <= low <= high
    if room:
        assert high <= room
    else:
        assert low % case < 1e-6 and high % case < 1e-6
        assert low >= max(per_day * reserve, busy) - 1e-3 * case
        assert high >= low + per_day * cover - 1e-3 * case


@given(
    st.integers(-50, 300).map(float),
    quantities,
    quantities,
    quantities,
    quantities,
    quantities,
    st.sampled_from([1.0, 12.0]),
    quantities,
)
def test_a_refill_reaches_what_orders_want_in_whole_cases_and_in_the_room(
    on_hand, taken, waiting, coming, low, more, case, room
):
    high = low + more
    [quantity], [urgency] = refills(*([value] for value in (on_hand, taken, waiting, coming, low, high, case, room)))
    left = on_hand - taken - waiting + coming
    assert quantity % case < 1e-6
    assert (urgency == NOW) == (left <= 0 and left < low) and (urgency == FINE) == (left >= low)
    assert (quantity > 0) <= (urgency != FINE)
    if urgency != FINE and not room:
        assert left + quantity >= -1e-6
        assert quantity >= case and left + quantity <= max(high, left + case, case) + 1e-6
    if room:
        assert max(on_hand, 0) + coming + quantity <= max(room, max(on_hand, 0) + coming) + 1e-6


def test_a_filled_face_asks_for_nothing_more():
    args = ([3.0], [0.0], [0.0], [0.0], [10.0], [50.0], [12.0], [0.0])
    [quantity], _urgency = refills(*args)
    again, urgency = refills([3.0], [0.0], [0.0], [quantity], *args[4:])
    assert (again[0], urgency[0]) == (0.0, FINE)


@given(
    st.lists(st.tuples(quantities, st.integers(0, 2), st.sampled_from([1.0, 10.0])), min_size=1, max_size=8),
    st.lists(quantities, min_size=3, max_size=3),
)
def test_bulk_is_given_once_and_not_kept_back(faces, free):
    wanted, product, case = zip(*faces, strict=True)
    given_ = share_bulk(wanted, product, free, case, range(len(faces)))
    assert (given_ >= 0).all() and (given_ <= np.array(wanted) + 1e-6).all()
    for one in range(3):
        mine = [i for i in range(len(faces)) if product[i] == one]
        total = sum(given_[i] for i in mine)
        assert total <= free[one] + 1e-6
        if mine and total < sum(wanted[i] for i in mine) - 1e-6:
            # what is left is less than a case of every face that went short
            assert all(free[one] - total < case[i] for i in mine if given_[i] < wanted[i] - 1e-6)


def test_busy_days_count_days_without_picks():
    daily = np.zeros((1, 28))
    daily[0, ::14] = 50.0
    assert busy_day(daily)[0] == 0.0
    daily[0, ::2] = 14.0
    assert busy_day(daily)[0] == 14.0


def test_no_demand_is_no_end():
    assert days_left([5.0], [0.0], [0.0]).tolist() == [999.0]
