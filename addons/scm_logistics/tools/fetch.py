"""Ask another server, with no trust in its speed, size or manners. No database here, so that threads may do it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import requests

MAX_ANSWER_BYTES = 4 * 1024 * 1024
WORKERS = 8
#: failures in a row after which the other questions of a batch are not asked any more
GIVE_UP_AFTER = 4
#: a server may say how long to wait; what it says beyond a day is not meant
LONGEST_RETRY_SECONDS = 86400


@dataclass(frozen=True)
class Question:
    """One request; ``key``: what the caller knows it by."""

    key: object
    method: str
    url: str
    headers: dict = field(default_factory=dict)
    form: dict | None = None
    document: object = None


@dataclass(frozen=True)
class Answer:
    """``failure``: empty, ``timeout``, ``connection``, ``large``, ``http`` (see ``status``) or ``not_asked``."""

    status: int = 0
    body: bytes = b""
    failure: str = ""
    retry_after: int = 0

    @property
    def is_theirs(self):
        """True when the server, not the question, is the trouble: other questions would fare no better."""
        return bool(self.failure) and (self.failure != "http" or is_their_status(self.status))


def is_their_status(status):
    """True for the status of a server that would not answer other questions either."""
    return status in (401, 403, 429) or status >= 500 or 300 <= status < 400


def ask_all(questions, timeout):
    """{key: Answer}, several at a time; after some failures in a row the rest is ``not_asked``."""
    lock, row = threading.Lock(), [0]

    def ask(question):
        if row[0] >= GIVE_UP_AFTER:
            return question.key, Answer(failure="not_asked")
        answer = fetch(question, timeout)
        with lock:
            row[0] = row[0] + 1 if answer.is_theirs else 0
        return question.key, answer

    with ThreadPoolExecutor(min(WORKERS, max(len(questions), 1))) as pool:
        return dict(pool.map(ask, questions))


def fetch(question, timeout):
    """The answer to one question, within ``timeout`` seconds all in all. Redirections are not followed: a key would
    go along."""
    deadline = time.monotonic() + timeout
    try:
        with requests.request(
            question.method,
            question.url,
            headers=question.headers,
            data=question.form,
            json=question.document,
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != 200:
                return Answer(response.status_code, failure="http", retry_after=_retry_after(response))
            return _read(response, deadline)
    except requests.Timeout:
        return Answer(failure="timeout")
    except (requests.RequestException, OSError, ValueError):
        return Answer(failure="connection")


def _read(response, deadline):
    parts, size = [], 0
    for part in response.iter_content(65536):
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            return Answer(response.status_code, failure="large")
        if time.monotonic() > deadline:
            return Answer(response.status_code, failure="timeout")
    return Answer(response.status_code, b"".join(parts))


def _retry_after(response):
    """Seconds of the header Retry-After, which is a number or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return min(int(text[:9]), LONGEST_RETRY_SECONDS)
    try:
        then, now = parsedate_to_datetime(text), parsedate_to_datetime(response.headers["Date"])
        return max(0, min(int((then - now).total_seconds()), LONGEST_RETRY_SECONDS))
    except (KeyError, TypeError, ValueError):
        return 0
