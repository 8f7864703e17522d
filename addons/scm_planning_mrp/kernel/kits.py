"""Explosion of kits into the goods that are stocked."""


def explode(parts):
    """Final components of each kit, kits within kits taken apart.

    quantity(kit, c) = sum over the parts p of the kit of q(kit, p) x (quantity(p, c) if p is a kit, else [p = c]).

    :param parts: ``{kit: [(component, quantity per kit), ...]}``; a component that is a key is a kit itself
    :return: ``(components, circular)``: ``{kit: {component: quantity}}`` and the set of kits that contain themselves
        in whatever way; these and the kits built of them are not taken apart

    A set of two boxes with six glasses each, and one jug:

    >>> explode({"set": [("box", 2), ("jug", 1)], "box": [("glass", 6)]})[0]["set"]
    {'glass': 12, 'jug': 1}
    >>> sorted(explode({"egg": [("hen", 1)], "hen": [("egg", 1)]})[1])
    ['egg', 'hen']
    """
    done, circular = {}, set()
    for kit in parts:
        if kit not in done and kit not in circular:
            _explode_one(kit, parts, done, circular)
    return done, circular


def _explode_one(top, parts, done, circular):
    """Depth first without recursion: a kit is added up when all of its parts are."""
    path, open_kits = [top], {top}
    while path:
        kit = path[-1]
        inner = [part for part, _quantity in parts[kit] if part in parts and part not in done]
        if any(part in open_kits or part in circular for part in inner):
            circular.update(path)
            return
        if inner:
            path.append(inner[0])
            open_kits.add(inner[0])
            continue
        done[kit] = _add_up(parts[kit], done)
        open_kits.discard(path.pop())


def _add_up(parts, done):
    total = {}
    for part, quantity in parts:
        for component, inner in done.get(part, {part: 1}).items():
            total[component] = total.get(component, 0) + quantity * inner
    return total
