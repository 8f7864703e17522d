"""Facts filled into a text that people typed: names in braces are replaced, nothing is evaluated."""

import re
from html import escape

_NAME = re.compile(r"\{\s*([a-z][a-z0-9_]{0,39})\s*\}")


def names(text):
    """Names in braces, in their order, each once.

    >>> names("Dear {customer}, order { order } is {status}. {customer} {0} {a.b}")
    ['customer', 'order', 'status']
    """
    return list(dict.fromkeys(_NAME.findall(text or "")))


def fill(text, facts):
    """(text with the facts that are known, names of those that are not). Facts are text, and become safe HTML.

    A name without a fact stays as it is, for a person to see.

    >>> fill("<p>{customer}: {promised}, {order.env}</p>", {"customer": "A <b>", "promised": ""})
    ('<p>A &lt;b&gt;: {promised}, {order.env}</p>', ['promised'])
    """
    missing = []

    def replace(match):
        value = facts.get(match[1])
        if value in (None, False, ""):
            missing.append(match[1])
            return match[0]
        return escape(str(value))

    filled = _NAME.sub(replace, text or "")
    return filled, list(dict.fromkeys(missing))
