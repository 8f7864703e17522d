import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.sync import StoredAlert, plan_sync
from .scm_alert_type import SEVERITIES

#: a subject that comes back within this many days after it was resolved is the same alert, with its history
REOPEN_DAYS = 14

#: what a check says about a subject, with its column type; whatever a row leaves out is emptied
_SYNCED_COLUMNS = {
    "name": "text",
    "product_id": "int4",
    "warehouse_id": "int4",
    "partner_id": "int4",
    "res_model": "text",
    "res_id": "int4",
    "severity": "text",
    "money_at_stake": "numeric",
    "why": "jsonb",
}
#: what a check may only say about a new alert, because a person may change it afterwards
_OPENING_COLUMNS = {"user_id": "int4", "date_due": "date"}
_ROW_COLUMNS = {"id": "int4", "subject_key": "text", **_SYNCED_COLUMNS, **_OPENING_COLUMNS}


class ScmAlertSync(models.AbstractModel):
    """How a check makes ``scm.alert`` say what is true now: read once, compare in the kernel, write in bulk."""

    _name = "scm.alert.sync"
    _description = "Synchronisation of Alerts"

    @api.model
    def _sync(self, type_code, company, rows):
        """Make the alerts of a type and company say what is true now, in a constant number of queries.

        Each row is a dict with ``subject_key`` (unique among the rows), ``name`` (the subject, in words that need no
        translation: product, order number; what is wrong is the name of the type) and any of ``product_id``,
        ``warehouse_id``, ``partner_id``, ``res_model``, ``res_id``, ``severity``, ``money_at_stake`` (company
        currency), ``why``; for a new alert also ``user_id`` and ``date_due``, which stand for the type's owner and
        days to act. Records are taken for their ids.

        New subjects are opened; a subject that was resolved within 14 days is opened again as the same alert, with
        its history. Subjects that are gone are resolved. Snoozed alerts are updated but sleep on until their day,
        even when their subject goes away and comes back. A type that is switched off has no alerts.

        :param rows: the complete set that holds now
        :return: dict of counts: opened, touched, resolved, reopened
        :raises ValueError: for an unknown type or field, or a subject named twice
        """
        self = self.sudo()  # checks run for everyone, and their callers decide who may start them
        alert_type = self.env["scm.alert.type"]._get(type_code)
        rows = {row["subject_key"]: row for row in self._checked_rows(rows if alert_type.active else [])}
        self._wake_expired(alert_type, company)
        plan = plan_sync(self._stored_alerts(alert_type, company), [(key, {}) for key in rows])
        new_keys = [key for key, _values in plan.open]
        reopened = self._recently_resolved(alert_type, company, new_keys)
        standing = self._keys_by_id(plan.touch) | reopened
        prepared = [
            self._prepare_row(row, alert_type, company, standing_id=None)
            for row in (rows[key] for key in new_keys if key not in set(reopened.values()))
        ]
        opened = self._insert_rows(alert_type, company, prepared)
        self._update_rows(
            [self._prepare_row(rows[key], alert_type, company, standing_id=id_) for id_, key in standing.items()]
        )
        self._resolve(plan.resolve)
        self.invalidate_model()
        self.browse([*opened, *standing])._notify_owners()
        return {
            "opened": len(opened),
            "touched": len(plan.touch),
            "resolved": len(plan.resolve),
            "reopened": len(reopened),
        }

    @api.model
    def _checked_rows(self, rows):
        known = set(_ROW_COLUMNS) - {"id"}
        for row in rows:
            if unknown := set(row) - known:
                raise ValueError(f"alerts have no field {', '.join(sorted(unknown))}")
            if not row.get("name") or not row.get("subject_key"):
                raise ValueError("an alert needs a subject_key and a name")
        if len({row["subject_key"] for row in rows}) != len(rows):
            raise ValueError("a subject is named twice; a check must give one row per subject")
        return rows

    @api.model
    def _prepare_row(self, row, alert_type, company, standing_id):
        """The row as SQL takes it: ids for records, money rounded, defaults of the type."""
        values = {
            name: value.id if isinstance(value, models.BaseModel) else value or None for name, value in row.items()
        }
        today = fields.Date.context_today(self.with_context(tz=company.partner_id.tz))
        values["id"] = standing_id
        values["severity"] = values.get("severity") or alert_type.severity
        values["money_at_stake"] = company.currency_id.round(values.get("money_at_stake") or 0.0)
        values["user_id"] = values.get("user_id") or alert_type.user_id.id or None
        values["date_due"] = values.get("date_due") or today + timedelta(days=alert_type.due_days)
        return values

    @api.model
    def _wake_expired(self, alert_type=None, company=None):
        """Open the alerts whose snooze has passed in the company's own day."""
        domain = [("state", "=", "snoozed")]
        if alert_type:
            domain += [("type_id", "=", alert_type.id), ("company_id", "=", company.id)]
        due_ids = []
        for owner, alerts in self._read_group(domain, ["company_id"], ["id:recordset"]):
            today = fields.Date.context_today(self.with_context(tz=owner.partner_id.tz))
            due_ids += alerts.filtered(lambda alert, today=today: alert.snooze_until <= today).ids
        due = self.browse(due_ids)
        due.write({"state": "open", "snooze_until": False, "snooze_reason": False})
        return due

    @api.model
    def _stored_alerts(self, alert_type, company):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT subject_key, id, state FROM scm_alert"
                " WHERE type_id = %s AND company_id = %s AND state != 'resolved'",
                alert_type.id,
                company.id,
            )
        )
        return [StoredAlert(key, id_, snoozed=state == "snoozed") for key, id_, state in rows]

    @api.model
    def _keys_by_id(self, ids):
        rows = self.env.execute_query(SQL("SELECT id, subject_key FROM scm_alert WHERE id = ANY(%s)", list(ids)))
        return dict(rows)

    @api.model
    def _recently_resolved(self, alert_type, company, keys):
        """``{id: subject_key}`` of the latest alert of each of these subjects that was resolved not long ago."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (subject_key) id, subject_key
                  FROM scm_alert
                 WHERE type_id = %s AND company_id = %s AND state = 'resolved'
                   AND date_resolved >= %s AND subject_key = ANY(%s)
              ORDER BY subject_key, date_resolved DESC, id DESC
                """,
                alert_type.id,
                company.id,
                fields.Datetime.now() - timedelta(days=REOPEN_DAYS),
                list(keys),
            )
        )
        return dict(rows)

    @api.model
    def _insert_rows(self, alert_type, company, rows):
        """Bulk insert; a subject that another check opened in the same moment is left to that one. Returns ids."""
        now = fields.Datetime.now()
        columns = {**_SYNCED_COLUMNS, **_OPENING_COLUMNS}
        fixed = {
            "type_id": alert_type.id,
            "area": alert_type.area,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "state": "open",
            "open_count": 1,
            "date_opened": now,
            "date_last_seen": now,
            "owner_notified": False,
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO scm_alert (%s, subject_key, severity_rank, %s)
                SELECT %s, r.subject_key, %s, %s FROM %s
                    ON CONFLICT (type_id, company_id, subject_key) WHERE state != 'resolved' DO NOTHING
             RETURNING id
                """,
                SQL(", ").join(SQL.identifier(name) for name in fixed),
                SQL(", ").join(SQL.identifier(name) for name in columns),
                SQL(", ").join(fixed.values()),
                self._severity_rank_sql(),
                SQL(", ").join(SQL.identifier("r", name) for name in columns),
                self._rows_sql(rows),
            )
        )
        return [id_ for (id_,) in inserted]

    @api.model
    def _update_rows(self, rows):
        """Bulk update of standing alerts; resolved ones among them are opened again."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_alert a
                   SET %s,
                       severity_rank = %s,
                       owner_notified = a.owner_notified AND a.state != 'resolved',
                       date_opened = CASE WHEN a.state = 'resolved' THEN %s ELSE a.date_opened END,
                       date_due = CASE WHEN a.state = 'resolved' THEN r.date_due ELSE a.date_due END,
                       open_count = a.open_count + (a.state = 'resolved')::int,
                       state = CASE WHEN a.state = 'resolved' THEN 'open' ELSE a.state END,
                       date_resolved = NULL,
                       date_last_seen = %s, write_uid = %s, write_date = %s
                  FROM %s
                 WHERE a.id = r.id
                """,
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("r", name)) for name in _SYNCED_COLUMNS
                ),
                self._severity_rank_sql(),
                now,
                now,
                self.env.uid,
                now,
                self._rows_sql(rows),
            )
        )

    @api.model
    def _rows_sql(self, rows):
        """Prepared rows as a table ``r`` of the statement: one parameter, however many rows there are."""
        types = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in _ROW_COLUMNS.items())
        payload = json.dumps(rows, default=str, allow_nan=False)
        return SQL("jsonb_to_recordset(%s::jsonb) AS r(%s)", payload, types)

    @api.model
    def _severity_rank_sql(self):
        names = [name for name, _label in reversed(SEVERITIES)]
        return SQL("array_position(%s::text[], r.severity) - 1", names)

    @api.model
    def _resolve(self, ids):
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_alert
                   SET state = 'resolved', date_resolved = %s, snooze_until = NULL, snooze_reason = NULL,
                       owner_notified = FALSE, write_uid = %s, write_date = %s
                 WHERE id = ANY(%s)
                """,
                now,
                self.env.uid,
                now,
                list(ids),
            )
        )
        self.browse(ids)._close_activities()
