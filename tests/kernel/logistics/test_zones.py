"""Zones: the most exact one wins, whatever the order in which they are listed."""

import random

from scm_kernels.logistics.zones import Zone, resolve

COUNTRY, STATE, OTHER = 1, 11, 12
ZONES = [
    Zone(1),
    Zone(2, countries=frozenset({COUNTRY})),
    Zone(3, states=frozenset({STATE, OTHER})),
    Zone(4, prefixes=("10",)),
    Zone(5, prefixes=("101", "99")),
    Zone(6, companies=frozenset({7}), countries=frozenset({COUNTRY})),
    Zone(7, countries=frozenset({2}), prefixes=("10",)),
]
CASES = [
    ((1, 0, 0, ""), 1),
    ((1, COUNTRY, 0, "55"), 2),
    ((7, COUNTRY, 0, "55"), 6),
    ((1, COUNTRY, STATE, "55"), 3),
    ((1, COUNTRY, STATE, "1055"), 4),
    ((1, COUNTRY, STATE, "1 01-5"), 5),
    ((1, 2, 0, "109"), 7),
    ((1, COUNTRY, 0, "99"), 5),
]


def test_most_exact_wins():
    for seed in range(20):
        zones = ZONES[:]
        random.Random(seed).shuffle(zones)
        assert resolve(zones, [case for case, _zone in CASES]) == [zone for _case, zone in CASES]


def test_none_matches():
    assert resolve(ZONES[2:3], [(1, COUNTRY, 0, "10")]) == [0]


def test_of_equals_the_first():
    same = [Zone(8, countries=frozenset({COUNTRY})), Zone(9, countries=frozenset({COUNTRY}))]
    assert resolve(same, [(1, COUNTRY, 0, "")]) == [8]
    assert resolve(same[::-1], [(1, COUNTRY, 0, "")]) == [9]
