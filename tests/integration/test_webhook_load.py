"""10,000 events by webhook, in any order, some told twice, four at a time: none is lost, none is double."""

import random
import sys

import adapter

sys.path.insert(0, str(adapter.ROOT / "benchmarks"))

import webhook

PARCELS, PER_MESSAGE = 2000, 25


def test_none_lost_none_double(server, demo_db):
    token = webhook.prepare(adapter, demo_db, PARCELS, prefix="LOAD")
    bodies = webhook.messages(PARCELS, PER_MESSAGE, prefix="LOAD")
    again = random.Random(7).sample(bodies, len(bodies) // 10)
    mixed = bodies + again
    random.Random(11).shuffle(mixed)
    _seconds, statuses, answers = webhook.send_all(server.url, f"/scm/tracking/{token}", mixed, threads=4)
    assert len(answers) == len(mixed) and all(answer["ok"] for answer in answers), statuses
    stored = sum(answer["stored"] for answer in answers)
    repeated = sum(answer["repeated"] for answer in answers)
    assert (stored, repeated) == (PARCELS * 5, len(again) * PER_MESSAGE)
    assert webhook.count(adapter, demo_db, "LOAD") == (PARCELS * 5, PARCELS * 5, PARCELS)
