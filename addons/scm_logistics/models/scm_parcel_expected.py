from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .scm_parcel_promise import CAUSES


class ScmParcel(models.Model):
    """The day on which a parcel is expected moves in one way, and each move is a row."""

    _inherit = "scm.parcel"

    @api.model
    def _set_expected(self, rows, cause, reason=""):
        """Move the expected day of parcels; the promised day stays. Finished parcels and equal days are left out.

        Callers decide who may do so. A constant number of queries.

        :param rows: ``{parcel id: date}``
        :param cause: one of the causes of ``scm.parcel.promise``
        :return: ``{parcel id: (day before or None, new day)}`` of those that moved
        """
        if cause not in dict(CAUSES):
            raise ValueError(f"unknown cause of a new date: {cause}")
        rows = {int(id_): fields.Date.to_date(day) for id_, day in rows.items() if day}
        if not rows:
            return {}
        self.flush_model(["date_expected", "is_final", "company_id"])
        moved = self.env.execute_query(
            SQL(
                """WITH old AS (
                       SELECT parcel.id, parcel.company_id, parcel.date_expected AS day_before, new.day
                         FROM unnest(%(ids)s::int4[], %(days)s::date[]) AS new(id, day)
                         JOIN scm_parcel parcel ON parcel.id = new.id
                        WHERE parcel.is_final IS NOT TRUE AND parcel.date_expected IS DISTINCT FROM new.day
                        ORDER BY parcel.id FOR NO KEY UPDATE OF parcel),
                   logged AS (
                       INSERT INTO scm_parcel_promise (parcel_id, company_id, date_from, date_to, date_changed, cause,
                                                       reason, user_id, create_date, create_uid, write_date, write_uid)
                       SELECT id, company_id, day_before, day, %(now)s, %(cause)s, %(reason)s, %(user)s,
                              %(now)s, %(uid)s, %(now)s, %(uid)s FROM old)
                   UPDATE scm_parcel parcel SET date_expected = old.day FROM old WHERE parcel.id = old.id
                   RETURNING parcel.id, old.day_before, old.day""",
                ids=list(rows),
                days=list(rows.values()),
                now=fields.Datetime.now(),
                cause=cause,
                reason=(reason or "")[:500] or None,
                user=None if self.env.su and cause != "hand" else self.env.uid,
                uid=self.env.uid,
            )
        )
        parcels = self.browse(id_ for id_, _before, _day in moved)
        parcels.invalidate_recordset(["date_expected", "promise_ids"])
        parcels.modified(["date_expected"])
        return {id_: (before, day) for id_, before, day in moved}

    def action_set_expected(self, day, reason):
        """Expect these parcels on another day, by hand. The promised day stays.

        :param day: date or ISO text
        :param reason: words for those who read the history
        :return: number of parcels whose day moved
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the day changes, so that others know what is going on."))
        try:
            day = fields.Date.to_date(day)
        except ValueError:
            day = None
        if not day:
            raise UserError(self.env._("Choose the day on which the parcels are expected now."))
        return len(self._set_expected(dict.fromkeys(self.ids, day), "hand", reason))
