import re
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.parcel_state import FIRST_CREDIBLE
from .scm_parcel import STATUSES

#: longest texts that are kept, in characters
_LONGEST = {"source": 64, "provider": 64, "raw_code": 64, "text": 500, "place": 200, "sub_status": 64, "signed_by": 128}
#: stands for "no stamp at all": the moment of hearing counts, and a repeat is still a repeat
_NO_TIME = datetime(1970, 1, 1)
_COLUMNS = {
    "parcel_id": "int4",
    "source": "text",
    "provider": "text",
    "time": "timestamp",
    "raw_code": "text",
    "text": "text",
    "status": "text",
    "sub_status": "text",
    "place": "text",
    "user_id": "int4",
    "signed_by": "text",
    "create_date": "timestamp",
}


class ScmParcelEvent(models.Model):
    """The one intake: whatever tells us something about parcels comes through here."""

    _inherit = "scm.parcel.event"

    @api.model
    def _ingest(self, company, rows):
        """Store events and bring the parcels up to date. Callers decide who may do so; nothing is checked here.

        Safe to repeat, in any order and in any split. A constant number of queries for any number of rows.

        Each row is a dict with ``parcel_id``, or ``tracking_ref`` and, to be exact, ``carrier_id``; ``source`` (who
        told us), ``time`` (naive UTC, aware, ISO text or empty), and any of ``provider`` (whose codes; empty: the
        source), ``raw_code``, ``text``, ``place``, ``status`` (canonical: not looked up), ``sub_status``, ``user_id``,
        ``expected`` (day on which the carrier will deliver), ``signed_by``, ``photo`` and ``signature`` (base64),
        ``received`` (when it was heard, if not now).

        :return: ``stored``, ``repeated``, ``orphans`` (kept for parcels that we do not know), ``unknown_codes`` (new
            ones), all counts; ``parcel_ids`` of those with new events
        :raises ValueError: for an unknown status, or a row that names no parcel or no source
        """
        now = fields.Datetime.now()
        rows = [self._clean_row(row, now) for row in rows]
        self._find_parcels(company, rows)
        unknown_codes = self._map_codes(company, rows)
        known = [row for row in rows if row["parcel_id"]]
        # whoever adopts them looks their codes up again: the mapping may have been mended by then
        lost = [row | {"status": row["told_status"]} for row in rows if not row["parcel_id"]]
        self.env["scm.parcel"]._lock({row["parcel_id"] for row in known})
        stored = self._insert_events(company, known)
        self._store_proofs(known, stored)
        parcels = self.env["scm.parcel"].browse({key[0] for key in stored})
        changes = parcels._refresh_state()
        self._take_expected(known)
        kept = self.env["scm.tracking.orphan"]._keep(company, lost)
        if changes:
            self.env["scm.parcel"].browse(changes)._after_state(changes)
        return {
            "stored": len(stored),
            "repeated": len(rows) - len(stored) - kept,
            "orphans": kept,
            "unknown_codes": unknown_codes,
            "parcel_ids": parcels.ids,
        }

    @api.model
    def _clean_row(self, row, now):
        """The row as it is stored: texts cut and on one line, moments naive and in whole seconds."""
        cleaned = {name: _line(row.get(name))[:longest] or None for name, longest in _LONGEST.items()}
        if not cleaned["source"] or not (row.get("parcel_id") or row.get("tracking_ref")):
            raise ValueError("an event needs a source and a parcel or tracking number")
        if row.get("status") and row["status"] not in dict(STATUSES):
            raise ValueError(f"unknown status of a parcel: {row['status']}")
        return cleaned | {
            "raw_code": cleaned["raw_code"] or "",
            "text": cleaned["text"] or "",
            "parcel_id": int(row.get("parcel_id") or 0),
            "tracking_ref": _line(row.get("tracking_ref"))[:64],
            "carrier_id": row.get("carrier_id") or None,
            "time": _moment(row.get("time")) or _NO_TIME,
            "status": row.get("status") or None,
            "told_status": row.get("status") or None,
            "user_id": row.get("user_id") or None,
            "create_date": _moment(row.get("received")) or now,
            "expected": fields.Date.to_date(row.get("expected") or None),
            "photo": row.get("photo"),
            "signature": row.get("signature"),
        }

    @api.model
    def _find_parcels(self, company, rows):
        """Fill ``parcel_id`` (0: unknown); ids of another company count as unknown."""
        parcels = self.env["scm.parcel"]
        ids = {row["parcel_id"] for row in rows} - {0}
        query = SQL("SELECT id FROM scm_parcel WHERE company_id = %s AND id = ANY(%s)", company.id, list(ids))
        existing = {id_ for (id_,) in self.env.execute_query(query)} if ids else set()
        for row in rows:
            row["parcel_id"] = row["parcel_id"] if row["parcel_id"] in existing else 0
            credible = FIRST_CREDIBLE <= row["time"] <= row["create_date"]
            row["wanted"] = (row["tracking_ref"], row["carrier_id"], row["time"] if credible else row["create_date"])
        wanted = {row["wanted"] for row in rows if not row["parcel_id"] and row["tracking_ref"]}
        found = parcels._find_by_tracking(company, wanted)
        for row in rows:
            row["parcel_id"] = row["parcel_id"] or found.get(row["wanted"], 0)

    @api.model
    def _map_codes(self, company, rows):
        """Fill the status of rows that do not bring one; how many codes came in for the first time."""
        codes = self.env["scm.tracking.code"]
        open_rows = [row for row in rows if not row["status"] and row["raw_code"]]
        for row in open_rows:
            row["code"] = (row["provider"] or row["source"], row["raw_code"])
        meanings = codes._meanings(row["code"] for row in open_rows)
        new = {}
        for row in open_rows:
            status, sub_status, has_line = meanings[row["code"]]
            if not has_line:
                provider, raw_code = row["code"]
                new.setdefault((provider, raw_code.lower()), (raw_code, row["text"] or None, status, sub_status))
            row["status"], row["sub_status"] = status, sub_status
        codes._note_unknown(company, {(provider, value[0]): value[1:] for (provider, _low), value in new.items()})
        return len(new)

    @api.model
    def _insert_events(self, company, rows):
        """Insert what is new. Returns ``{(parcel, source, time, raw code, text): event id}`` of the new ones."""
        if not rows:
            return {}
        inserted = self.env.execute_query(
            SQL(
                """INSERT INTO scm_parcel_event (%s, company_id, create_uid, write_date, write_uid)
                   SELECT new.*, %s, %s, %s, %s FROM unnest(%s) AS new ON CONFLICT DO NOTHING
                   RETURNING parcel_id, source, time, raw_code, text, id""",
                SQL(", ").join(SQL.identifier(name) for name in _COLUMNS),
                *(company.id, self.env.uid, fields.Datetime.now(), self.env.uid),
                SQL(", ").join(
                    SQL("%s::" + kind + "[]", [row[name] for row in rows]) for name, kind in _COLUMNS.items()
                ),
            )
        )
        return {tuple(key): id_ for *key, id_ in inserted}

    @api.model
    def _store_proofs(self, rows, stored):
        """Photo and signature on the new events that bring them."""
        for row in rows:
            key = (row["parcel_id"], row["source"], row["time"], row["raw_code"], row["text"])
            if (row["photo"] or row["signature"]) and key in stored:
                # sudo: events cannot be written by anybody; this one was just made from a row that its caller allowed
                event = self.sudo().browse(stored[key])
                event.write({"photo": row["photo"] or False, "signature": row["signature"] or False})

    @api.model
    def _take_expected(self, rows):
        """What the carrier says about the day of delivery; the newest of several wins."""
        newest = {}
        for row in sorted(rows, key=lambda row: (row["time"], row["create_date"])):
            if row["expected"]:
                newest[row["parcel_id"]] = row["expected"]
        return self.env["scm.parcel"]._set_expected(newest, "carrier") if newest else {}


def _line(value):
    """Text on one line, without what a database or a screen cannot hold."""
    if value is None or value is False:
        return ""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\s]+", " ", str(value)).strip()


def _moment(value):
    """Naive UTC in whole seconds; None if there is none."""
    if not value:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value.tzinfo:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return value.replace(microsecond=0)
