"""Which zone an address lies in: the most exact one that matches it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Zone:
    """A zone; an empty set asks for nothing. All that it asks for has to be met."""

    id: int
    companies: frozenset = field(default_factory=frozenset)
    countries: frozenset = field(default_factory=frozenset)
    states: frozenset = field(default_factory=frozenset)
    prefixes: tuple = ()


def plain_zip(text):
    """Zip code without spaces and hyphens, in capitals; '' for none.

    >>> plain_zip(" sw1a 1-aa "), plain_zip(None)
    ('SW1A1AA', '')
    """
    return "".join(letter for letter in (text or "").upper() if letter.isalnum())


def resolve(zones, addresses):
    """Zone of each address.

    A longer zip prefix beats a shorter one, a prefix beats a state, a state a country, a country a zone that asks for
    nothing; of equals the company's own comes first, then the order of ``zones``.

    :param zones: list of :class:`Zone`, in the order that decides between equals
    :param addresses: list of (company, country, state, zip), ids or 0
    :returns: list of zone ids, 0 where none matches

    >>> east, all_of_it = Zone(1, prefixes=("97", "26")), Zone(2, countries=frozenset({228}))
    >>> resolve([all_of_it, east], [(1, 228, 0, "970"), (1, 228, 0, "100"), (1, 5, 0, "")])
    [1, 2, 0]
    """
    known, by_place = {}, {}
    for zone in zones:
        by_place.setdefault(_place(zone), []).append(zone)
    found = []
    for company, country, state, code in addresses:
        key = (company, country, state, plain_zip(code))
        if key not in known:
            candidates = [z for place in _places(country, state) for z in by_place.get(place, ())]
            known[key] = _best(candidates, *key)
        found.append(known[key])
    return found


def _place(zone):
    """Where a zone is looked for: under its states, else its countries, else everywhere. One key each."""
    if len(zone.states) == 1:
        return ("state", next(iter(zone.states)))
    if not zone.states and len(zone.countries) == 1:
        return ("country", next(iter(zone.countries)))
    return None


def _places(country, state):
    return (("state", state), ("country", country), None)


def _best(candidates, company, country, state, code):
    best, best_rank = 0, None
    for zone in candidates:
        if zone.companies and company not in zone.companies:
            continue
        if (zone.countries and country not in zone.countries) or (zone.states and state not in zone.states):
            continue
        prefix = max((len(p) for p in zone.prefixes if code.startswith(p)), default=0)
        if zone.prefixes and not prefix:
            continue
        rank = (prefix, bool(zone.states), bool(zone.countries), bool(zone.companies))
        if best_rank is None or rank > best_rank:
            best, best_rank = zone.id, rank
    return best
