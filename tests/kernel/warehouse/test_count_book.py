"""Counts while goods move: against a warehouse that is played second by second, and truths that hold for any."""

from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.warehouse.count_book import book_at, last_entries, next_step, shelf_gap

moves = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 50), st.integers(-9, 9).map(float)), max_size=30
)


@given(moves, st.dictionaries(st.sampled_from("AB"), st.integers(0, 50)), st.integers(0, 50))
def test_book_at_is_what_the_shelf_held_then(rows, moments, closing):
    """Played forward from twenty of each; the kernel goes back from the end."""
    start = {"A": 20.0, "B": 20.0}
    now = {key: start[key] + sum(quantity for name, _at, quantity in rows if name == key) for key in start}
    book = book_at(now, rows, moments, closing)
    for key in start:
        at = moments.get(key, closing)
        assert book[key] == start[key] + sum(quantity for name, when, quantity in rows if name == key and when <= at)


def test_what_came_and_went_is_on_the_books_of_its_time_only():
    """Nothing there now, four were there until 5: a count at 3 expects four, a count at 7 none."""
    gone = [("A", 5, -4.0)]
    assert book_at({}, gone, {"A": 3}, 9) == {"A": 4.0}
    assert book_at({}, gone, {"A": 7}, 9) == {"A": 0.0}
    assert book_at({}, [], {"A": 7}, 9) == {"A": 0.0}


@given(st.integers(0, 99), st.integers(-20, 99), st.integers(0, 30))
def test_goods_in_hand_explain_so_much_and_no_more(found, book, in_hand):
    gap = shelf_gap(found, book, in_hand)
    assert (gap == 0) == (book - in_hand <= found <= book)
    # whatever part of them is off the shelf already, the gap is no larger than against that book
    assert all(abs(gap) <= abs(found - (book - taken)) for taken in range(in_hand + 1))


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 5), st.floats(0, 9)), max_size=9), st.randoms())
def test_the_last_word_holds_in_whatever_order_it_arrives(said, random):
    entries = [(key, at, number, quantity) for number, (key, at, quantity) in enumerate(said)]
    shuffled = random.sample(entries, len(entries))
    assert last_entries(shuffled) == last_entries(entries)


ASK = st.fixed_dictionaries(
    {
        "differs": st.booleans(),
        "within": st.booleans(),
        "is_recount": st.booleans(),
        "agrees": st.booleans(),
        "wants_recount": st.booleans(),
        "gross": st.floats(0, 100),
        "limit": st.floats(0, 100),
        "is_automatic": st.booleans(),
    }
)


@given(ASK)
def test_nothing_is_corrected_that_nobody_allowed(ask):
    step = next_step(**ask)
    assert (step == "done") == (not ask["differs"])
    if step == "apply":
        assert ask["is_automatic"] and ask["agrees"] and ask["gross"] <= ask["limit"]
        assert ask["within"] or ask["is_recount"] or not ask["wants_recount"]
    if step == "recount":
        assert not ask["is_recount"] and ask["wants_recount"] and not ask["within"]
