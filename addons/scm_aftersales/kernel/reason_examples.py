"""The shipped examples: what customers write for each reason, made up for this project, in three scripts."""

import csv
import os
from typing import NamedTuple

_FILE = os.path.join(os.path.dirname(__file__), "data", "reason_examples.csv")
LANGUAGES = ("en", "zh_hant", "zh_hans")


class Example(NamedTuple):
    """``thought``: the same number in several languages says the same."""

    reason: str
    language: str
    text: str
    thought: int


def examples():
    """All examples, one per language and thought.

    >>> examples()[0]
    Example(reason='too_small', language='en', text='It is too small for me', thought=0)
    """
    with open(_FILE, encoding="utf-8", newline="") as file:
        return [
            Example(row["reason"], language, row[language], thought)
            for thought, row in enumerate(csv.DictReader(file))
            for language in LANGUAGES
        ]
