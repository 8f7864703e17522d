from odoo import api, fields, models
from odoo.tools import SQL

from .scm_parcel import STATUSES

#: parcels whose events are mapped again at once after an edit
BATCH_PARCELS = 5000


class ScmTrackingCode(models.Model):
    """What a code of a tracking provider means. A code that comes in for the first time waits here for a person."""

    _name = "scm.tracking.code"
    _description = "Tracking Code"
    _order = "is_known, provider, raw_code"
    _rec_name = "raw_code"

    provider = fields.Char(required=True, help="Code of the provider, as its events name it: aftership, kuaidi100...")
    raw_code = fields.Char("Code", required=True)
    text = fields.Char("What It Says", help="What the provider says of the code, or the first text that came with it.")
    status = fields.Selection(STATUSES, help="Status of the parcel after this code. Empty: news without a status.")
    sub_status = fields.Char(help="damaged, lost, customs, returning and the like; lost and damaged are counted.")
    is_known = fields.Boolean("Looked at", default=True, help="Not ticked: the code came in and nobody has said yet.")
    company_ids = fields.Many2many("res.company", string="Seen by", readonly=True)
    is_pending = fields.Boolean("Being Applied", readonly=True, help="Stored events do not follow the new mapping yet.")

    _code_uniq = models.UniqueIndex("(provider, lower(raw_code))", "There is already a line for this code.")

    def write(self, vals):
        changes_meaning = {"status", "sub_status"} & set(vals)
        if changes_meaning and "is_known" not in vals:
            vals = vals | {"is_known": True}
        companies = self.company_ids
        result = super().write(vals)
        if changes_meaning:
            super().write({"is_pending": True})
            self._apply_pending()
        if "is_known" in vals:
            self._sync_alerts(companies)
        return result

    def unlink(self):
        companies = self.company_ids
        result = super().unlink()
        self._sync_alerts(companies)
        return result

    # Mapping

    @api.model
    def _meanings(self, pairs):
        """What codes mean, in one query.

        A code that has no line of its own but a known head (``Delivered_009`` for ``Delivered``, ``InTransit_Other``
        for ``InTransit``) is taken for its head, and still counts as new. Our own statuses mean themselves.

        :param pairs: iterable of (provider, raw code)
        :return: ``{(provider, raw code): (status or None, sub status or None, whether it has a line)}``
        """
        pairs = {(provider, code) for provider, code in pairs if code}
        if not pairs:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT provider, lower(raw_code), status, sub_status FROM scm_tracking_code
                    WHERE provider = ANY(%s) AND lower(raw_code) = ANY(%s)""",
                sorted({provider for provider, _code in pairs}),
                sorted({name for _provider, code in pairs for name in (code.lower(), _head(code))}),
            )
        )
        lines = {(provider, code): (status, sub_status) for provider, code, status, sub_status in rows}
        meanings = {}
        for provider, code in pairs:
            own = lines.get((provider, code.lower()))
            if own is None and code.lower() in dict(STATUSES):
                own = (code.lower(), None)
            head = lines.get((provider, _head(code)), (None, None))
            meanings[provider, code] = (*(own or head), own is not None)
        return meanings

    @api.model
    def _note_unknown(self, company, rows):
        """Keep codes that came in for the first time, and raise one alert for each.

        :param rows: ``{(provider, raw code): (text, status guessed from the head or None, sub status)}``
        """
        if not rows:
            return
        now, uid = fields.Datetime.now(), self.env.uid
        columns = [list(column) for column in zip(*((*key, *value) for key, value in rows.items()), strict=True)]
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_tracking_code (provider, raw_code, text, status, sub_status, is_known,
                                                  create_date, create_uid, write_date, write_uid)
                   SELECT new.*, FALSE, %s, %s, %s, %s
                     FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS new
                   ON CONFLICT (provider, lower(raw_code)) DO NOTHING""",
                *(now, uid, now, uid),
                *columns,
            )
        )
        self._note_seen(company, rows)

    @api.model
    def _note_seen(self, company, pairs):
        """The company has seen these codes; new ones among those that nobody looked at make an alert."""
        if not pairs:
            return
        seen = self.env.execute_query(
            SQL(
                """INSERT INTO res_company_scm_tracking_code_rel (scm_tracking_code_id, res_company_id)
                   SELECT code.id, %s
                     FROM unnest(%s::text[], %s::text[]) AS new(provider, raw_code)
                     JOIN scm_tracking_code code
                       ON code.provider = new.provider AND lower(code.raw_code) = lower(new.raw_code)
                    WHERE NOT code.is_known
                   ON CONFLICT DO NOTHING RETURNING scm_tracking_code_id""",
                company.id,
                [provider for provider, _code in pairs],
                [code for _provider, code in pairs],
            )
        )
        if seen:
            self.invalidate_model()
            self._sync_alerts(company)

    @api.model
    def _sync_alerts(self, companies):
        """One alert per company and code that came in and nobody has looked at."""
        # sudo: alerts of all companies that saw the code, whoever looked at it
        for company in companies.sudo():
            unknown = self.sudo().search([("is_known", "=", False), ("company_ids", "in", company.ids)])
            rows = [
                {
                    "subject_key": f"{code.provider}:{code.raw_code.lower()}",
                    "name": f"{code.provider}: {code.raw_code}" + (f" ({code.text})" if code.text else ""),
                    "res_model": code._name,
                    "res_id": code.id,
                }
                for code in unknown
            ]
            self.env["scm.alert"]._sync("parcel_unknown_code", company, rows)

    # What an edit does to events that are stored

    def _apply_pending(self):
        """Map stored events again; at most 5,000 parcels per code now, the rest in the background."""
        for code in self:
            if code._apply_batch():
                self.env.ref("scm_logistics.scm_tracking_code_cron")._trigger()
        return True

    def _apply_batch(self):
        """Map the events of up to 5,000 parcels again; whether more may be left."""
        self.ensure_one()
        self.flush_recordset()
        events, parcels = self.env["scm.parcel.event"], self.env["scm.parcel"]
        events.flush_model()
        rows = self.env.execute_query(
            SQL(
                """WITH wrong AS (
                       SELECT DISTINCT parcel_id FROM scm_parcel_event
                        WHERE COALESCE(provider, source) = %(provider)s AND lower(raw_code) = %(code)s
                          AND (status, sub_status) IS DISTINCT FROM (%(status)s, %(sub_status)s)
                        LIMIT %(limit)s)
                   UPDATE scm_parcel_event event SET status = %(status)s, sub_status = %(sub_status)s
                     FROM wrong
                    WHERE event.parcel_id = wrong.parcel_id
                      AND COALESCE(event.provider, event.source) = %(provider)s
                      AND lower(event.raw_code) = %(code)s
                   RETURNING event.parcel_id""",
                provider=self.provider,
                code=self.raw_code.lower(),
                status=self.status or None,
                sub_status=self.sub_status or None,
                limit=BATCH_PARCELS,
            )
        )
        events.invalidate_model(["status", "sub_status"])
        ids = {id_ for (id_,) in rows}
        parcels.browse(ids)._refresh_state()
        is_more = len(ids) >= BATCH_PARCELS
        self.write({"is_pending": is_more})
        return is_more

    @api.model
    def _cron_apply(self):
        """Map stored events again, after edits that touch many parcels."""
        pending = self.search([("is_pending", "=", True)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(pending))
        for code in pending:
            while code._apply_batch():
                if not cron._commit_progress(0):
                    return
            cron._commit_progress(1)


def _head(code):
    """The part before the last underscore, in lower case; the code itself if it has none."""
    return code.lower().rpartition("_")[0] or code.lower()
