"""Every public method of ours with arguments that make no sense. Runs inside Odoo's shell, nothing is kept.

Each call gets a transaction of its own, as over the interface, which is rolled back when its work was written out.
PostgreSQL says whether the transaction wrote: only then it gave it a number.
"""

import contextlib
import inspect
import re
import signal
import traceback
import xmlrpc.client

from odoo import SUPERUSER_ID, api, sql_db
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from psycopg2 import IntegrityError
from psycopg2.errors import LockNotAvailable, QueryCanceled

from odoo.addons.rpc.controllers.xmlrpc import OdooMarshaller

from . import catalogue

SECONDS = 2  # who is at work as long as this did not break on his arguments
NONSENSE = [
    None, "'; DROP TABLE scm_alert; --", "2026-02-30", -1, 10**18, float("nan"), True, {}, [None], ["a"], [[1, [2]]],
    [{"a": 1}], {"a": {"b": 1}},
]  # fmt: skip
TABLE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|COPY)\s+(?:ONLY\s+)?"?(\w+)')
#: what Odoo writes about a record: messages, followers, files
NOTES = ("MAIL_", "BUS_", "IR_ATTACHMENT")
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "ALTER", "CREATE", "DROP", "COPY", "SELECT SETVAL")


class TooSlow(BaseException):
    """A call that nonsense keeps busy."""


class Recorder:
    """The statements that write, of all cursors; a commit writes out and goes no further."""

    def __init__(self):
        self.statements = []

    @contextlib.contextmanager
    def on(self):
        execute, commit = sql_db.Cursor.execute, sql_db.Cursor.commit

        def recorded(cursor, query, *args, **named):
            text = str(getattr(query, "code", query)).lstrip().upper()
            if text.startswith(WRITES) or (text.startswith("WITH") and any(word in text for word in WRITES[:3])):
                self.statements.append(" ".join(text.split())[:120])
            return execute(cursor, query, *args, **named)

        sql_db.Cursor.execute, sql_db.Cursor.commit = recorded, sql_db.Cursor.flush
        try:
            yield self
        finally:
            sql_db.Cursor.execute, sql_db.Cursor.commit = execute, commit


class Call:
    """What one call came to: `kind` is ok, refused (no rights), told (a mistake explained), arguments, broken, slow."""

    def __init__(self, kind, wrote=(), error="", where="", value=None):
        self.kind, self.wrote, self.error, self.where, self.value = kind, list(wrote), error, where, value


def call(env, recorder, user_id, model, method, args, named):
    """One call as that user, rolled back."""
    recorder.statements = []
    with env.registry.cursor() as cursor:
        user_env = api.Environment(cursor, user_id, {})
        user_env.transaction.default_env = user_env
        cursor.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '3s'")
        signal.setitimer(signal.ITIMER_REAL, SECONDS, 1.0)
        try:
            result = call_kw(user_env[model], method, args, named)
            cursor.flush()
            kind, error, where = "ok", "", ""
            problem = _unsendable(result)
            if problem:
                kind, error = "broken", problem
        except AccessError as refused:
            kind, error, where, result = "refused", str(refused), "", None
        except UserError as told:
            kind, error, where, result = "told", str(told), "", None
        except IntegrityError as told:
            kind, error, where, result = "told", str(told), "", None  # the server words it as a ValidationError
        except TypeError as wrong:
            kind, result = ("arguments" if _is_binding(wrong) else "broken"), None
            error, where = repr(wrong)[:300], _place(wrong)
        except (TooSlow, QueryCanceled, LockNotAvailable) as slow:
            kind, error, where, result = "slow", f"more than {SECONDS} s", _place(slow), None
        except Exception as broken:
            kind, error, where, result = "broken", repr(broken)[:300], _place(broken), None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            env.registry.reset_changes()
        wrote = recorder.statements if kind == "ok" and _has_written(cursor) else []
        cursor.rollback()
    return Call(kind, wrote, error, where, result)


def _has_written(cursor):
    cursor.execute("SELECT pg_current_xact_id_if_assigned()")
    return bool(cursor.fetchone()[0])


def _unsendable(result):
    """Why XML-RPC cannot carry the answer, or nothing."""
    try:
        OdooMarshaller(allow_none=False).dumps((result,))
    except OverflowError:
        return ""  # an id as large as only JSON can bring it
    except (TypeError, xmlrpc.client.Error) as problem:
        return f"answer: {problem!r}"
    return ""


def _is_binding(wrong):
    """Whether the arguments did not fit the signature: the call never began."""
    frames = traceback.extract_tb(wrong.__traceback__)
    return frames[-1].name in ("call_kw", "_bind")


def _place(error):
    """The last line of ours that it passed."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/scm_" in frame.filename]
    if not frames:
        frames = traceback.extract_tb(error.__traceback__)[-1:]
    last = frames[-1]
    return f"{last.filename.split('/addons/')[-1]}:{last.lineno} {last.name}"


def _on_alarm(_signal, _frame):
    raise TooSlow


@contextlib.contextmanager
def session(env):
    """A recorder for a row of calls."""
    before = signal.signal(signal.SIGALRM, _on_alarm)
    recorder = Recorder()
    try:
        with recorder.on():
            yield recorder
    finally:
        signal.signal(signal.SIGALRM, before)


def tables_of(env, user_id):
    """Tables that somebody may write by his rights."""
    mine = (env[name].with_user(user_id) for name in env.registry if not env[name]._abstract)
    own = {one._table.upper() for one in mine if any(one.has_access(way) for way in ("write", "create", "unlink"))}
    return own


def _tables(statement):
    return {table for table in TABLE.findall(statement) if not table.startswith(NOTES)}


class Plausible:
    """Arguments that could be meant: real ids by the name of the parameter, days, words."""

    def __init__(self, env):
        self.env, self.cache = env, {}

    def ids(self, model, limit=1):
        if model not in self.cache:
            found = self.env[model].with_user(SUPERUSER_ID)
            self.cache[model] = [] if found._abstract else found.search([], limit=2, order="id").ids
        return self.cache[model][:limit]

    def value(self, model, name):
        """For one parameter; None where nothing is known."""
        if name.endswith(("_id", "_ids")):
            target = self._model_of(model, name)
            ids = self.ids(target) if target else []
            return (ids if name.endswith("_ids") else ids[0]) if ids else 1
        known = {
            "date_from": "2026-11-01", "date_to": "2026-11-24", "date": "2026-11-20", "day": "2026-11-20",
            "lines": [], "values": {}, "rows": [], "domain": [], "text": "A word", "reason": "A word", "note": "A word",
            "quantity": 1.0, "search": "a", "limit": 5, "offset": 0, "accept": True, "answer": "A word",
        }  # fmt: skip
        return known.get(name)

    def _model_of(self, model, name):
        stem = name.removesuffix("_ids").removesuffix("_id")
        field = self.env[model]._fields.get(f"{stem}_id") or self.env[model]._fields.get(f"{stem}_ids")
        if field and field.comodel_name:
            return field.comodel_name
        known = {
            "product": "product.product", "warehouse": "stock.warehouse", "partner": "res.partner", "run": None,
            "order": "sale.order", "carrier": "delivery.carrier", "company": "res.company", "user": "res.users",
            "location": "stock.location", "picking": "stock.picking", "categ": "product.category",
        }  # fmt: skip
        return known.get(stem)


def cases(env, plausible, model, method):
    """(ids or None, named) of one method: as it could be meant, then each parameter with each nonsense."""
    on_model = catalogue.is_on_model(env, model, method)
    ids = None if on_model else plausible.ids(model)
    wanted = catalogue.parameters(env, model, method)
    usual = {name: plausible.value(model, name) for name, needed in wanted if needed}
    signature = inspect.signature(getattr(type(env[model]), method)).parameters
    switches = {name for name, _needed in wanted if isinstance(signature[name].default, bool)}
    yield ids, usual
    for name, _needed in wanted:
        for value in [None] if name in switches else NONSENSE:
            yield ids, {**usual, name: value}
    if ids is not None and not catalogue.is_odoos_own(env, model, method):
        for strange in ([], [-1], [10**9], [10**18]):
            yield strange, usual


def describe(model, method, ids, named):
    given = ", ".join(f"{name}={value!r}"[:80] for name, value in named.items())
    return f"{model}.{method}({'' if ids is None else ids}{', ' if ids is not None and given else ''}{given})"


def run(env, user_id, check, only=None, log=None):
    """Problems that `check(model, method, ids, call)` names, one line for each place, and the number of calls."""
    problems, count, plausible = {}, 0, Plausible(env)
    own = tables_of(env, user_id)
    with session(env) as recorder:
        for model, method in catalogue.methods(env):
            if only and not only(model, method):
                continue
            for ids, named in cases(env, plausible, model, method):
                count += 1
                args = [] if ids is None else [list(ids)]
                done = call(env, recorder, user_id, model, method, args, dict(named))
                done.wrote = [one for one in done.wrote if _tables(one) - own]
                problem = check(model, method, ids, done)
                key = (model, method, problem, done.where)
                if problem and key not in problems:
                    asked = describe(model, method, ids, named)
                    problems[key] = f"{asked}: {problem} {done.error} [{done.where}]"
                    if log:
                        log(problems[key])
    return sorted(problems.values()), count


# What a role may come to: each gives the problem with one call, or nothing

#: words for the screen, the same for every company
OPEN = {("scm.why", "labels")}


#: what readers may do beyond their rights on the table: bring the facts below a page up to date, which nobody entered;
#: try what would be if a supplier stopped; say what they expect to sell, which is noted with their name; say that they
#: have seen a finding
READERS_MAY = {
    ("scm.finding", "action_see"),
    ("scm.event.page", "get_page"),
    ("scm.flow.fact", "refresh_flow"),
    ("scm.stress.test", "action_run"),
    ("scm.stress.test", "run"),
    ("scm.forecast", "override"),
    ("scm.forecast.line", "action_override"),
    ("scm.forecast.override", "action_withdraw"),
    ("scm.forecast.override", "create_override"),
}


def outsider(model, method, ids, done):
    """Somebody without a role: his rights end the call, except where it names no record of ours at all."""
    if done.kind == "refused" or (model, method) in OPEN:
        return None
    names_none = ids is not None and (not ids or not 0 < ids[0] < 10**9)
    # every employee reads return policies and Odoo's places, see the matrix: he is past his rights when he is told
    read_by_all = not model.startswith("scm.") or model.startswith("scm.return.policy")
    if done.kind == "told" and (names_none or read_by_all):
        return None
    if done.kind == "ok" and not done.wrote and not model.startswith("scm."):
        return None
    return f"not refused but {done.kind}"


def reader(model, method, _ids, done):
    """Somebody who may read: nothing breaks, and nothing is written but what he has a right to write."""
    if done.kind == "broken":
        return "broken"
    if (model, method) in READERS_MAY:
        return None
    return f"wrote {done.wrote[:2]}" if done.wrote else None


def manager(_model, _method, _ids, done):
    """Somebody who may do everything: he is told what is wrong, in words."""
    return "broken" if done.kind == "broken" else None
