from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_moment, utc_moment, zone_name

from ..kernel.customer_message import MAKES_POINTLESS, OF_STATUS, held_back, kind_of_change, send_at, slip_kind

#: news that is older tells a customer nothing: history is being loaded
NEWS_DAYS = 3
_COLUMNS = {
    "parcel_id": "int4",
    "picking_id": "int4",
    "partner_id": "int4",
    "disruption_id": "int4",
    "kind": "text",
    "channel": "text",
    "subject_key": "text",
    "state": "text",
    "reason": "text",
    "date_scheduled": "timestamp",
    "date_before": "date",
    "date_told": "date",
    "news_at": "timestamp",
}


class ScmParcelMessage(models.Model):
    """Which messages there are: one per piece of news, held back where nobody wants it or a person has written."""

    _inherit = "scm.parcel.message"

    # News

    @api.model
    def _draft_for_changes(self, parcels, changes):
        """Messages for changes of status; old ones that the new status makes pointless are held back."""
        self = self.sudo()  # sudo: part of the intake of events, which was allowed
        since = fields.Datetime.now() - timedelta(days=NEWS_DAYS)
        rows, retired = {}, []
        for parcel in parcels.sudo().filtered(lambda one: one.direction == "out"):
            old, new = changes.get(parcel.id, (None, None))
            retired += [(parcel.id, kind) for kind in MAKES_POINTLESS.get(OF_STATUS.get(new), ())]
            kind = kind_of_change(old, new)
            if not kind or not parcel.status_at or parcel.status_at < since:
                continue
            rows.setdefault(parcel.company_id, []).append(
                {
                    "parcel": parcel,
                    "kind": kind,
                    "subject_key": f"{kind}:{parcel.attempts}",
                    "news_at": parcel.status_at,
                    "date_told": parcel.date_expected or parcel.date_promised,
                }
            )
        self._retire(retired)
        for company, ones in rows.items():
            self._draft(company, ones)

    @api.model
    def _draft_for_slips(self, moved):
        """Messages for new days of delivery, one per material slip.

        :param moved: ``{parcel id: (day before or None, new day)}``
        """
        self = self.sudo()  # sudo: part of a change of the day, which was allowed
        parcels = self.env["scm.parcel"].sudo().browse(moved).filtered(lambda one: one.direction == "out")
        told = self._last_told(parcels.ids)
        now, rows = fields.Datetime.now(), {}
        # what is not sent yet names a day that does not hold any more
        self._retire([(id_, kind) for id_ in parcels.ids for kind in ("delayed", "earlier")])
        for parcel in parcels:
            before, day = moved[parcel.id]
            known = told.get(parcel.id) or parcel.date_promised or before
            kind = slip_kind(known, day, parcel.company_id.scm_slip_days, parcel.id in told)
            if not kind:
                continue
            rows.setdefault(parcel.company_id, []).append(
                {
                    "parcel": parcel,
                    "kind": kind,
                    "subject_key": f"{known}>{day}@{now.date()}",
                    "news_at": now,
                    "date_before": known,
                    "date_told": day,
                }
            )
        for company, ones in rows.items():
            self._draft(company, ones)

    @api.model
    def _last_told(self, parcel_ids):
        """``{parcel id: day}`` that customers were told last, in one query."""
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (parcel_id) parcel_id, date_told FROM scm_parcel_message
                        WHERE parcel_id = ANY(%s) AND state = 'sent' AND kind IN ('delayed', 'earlier')
                     ORDER BY parcel_id, date_sent DESC, id DESC""",
                    list(parcel_ids),
                )
            )
        )

    # Drafts

    @api.model
    def _draft(self, company, rows, by_hand=False):
        """Store messages as the rules of the company say; nothing is told twice. A constant number of queries.

        :param rows: dicts with ``parcel`` or ``picking`` (records), ``kind``, ``subject_key``, ``news_at`` and any of
            ``date_before``, ``date_told``
        :param by_hand: a person asks for it: also where the rule is off, and for approval
        :return: the new messages
        """
        self = self.sudo()  # sudo: callers decide who may do so
        rules = {rule.kind: rule for rule in self._rules(company)}
        rows = [row for row in rows if by_hand or (row["kind"] in rules and rules[row["kind"]].mode != "off")]
        if not rows:
            return self.browse()
        for row in rows:
            row["partner"] = self._recipient(row)
        self._prepare_partners(rows)
        written = set() if by_hand else self._person_wrote(rows)
        prepared = [
            self._prepare_message(company, row, channel, rules.get(row["kind"]), by_hand, number in written)
            for number, row in enumerate(rows)
            for channel in self._channels(rules.get(row["kind"]))
        ]
        return self._insert(company, prepared)

    @api.model
    def _rules(self, company):
        # sudo: which messages go out is read for the news of whoever brings them
        return self.env["scm.parcel.message.rule"].sudo().search([("company_id", "=", company.id)])

    @api.model
    def _channels(self, rule):
        if not rule:
            return ["mail"]
        has_sms = rule.by_sms and "sms.sms" in self.env
        return [name for name, wanted in (("mail", rule.by_mail), ("sms", has_sms)) if wanted]

    @api.model
    def _recipient(self, row):
        """Who gets it: the delivery address if it can be reached, else who ordered, else the main contact."""
        record = row.get("parcel") or row.get("picking")
        orders = record.sale_ids if record._name == "scm.parcel" else record.sale_id
        partner = record.partner_id
        candidates = [partner, *orders.partner_id, partner.commercial_partner_id]
        return next((one for one in candidates if one.email or one.phone), partner)

    @api.model
    def _prepare_partners(self, rows):
        """Which addresses are on the list of those who get no mail, in one query."""
        emails = {row["partner"].email_normalized for row in rows} - {False}
        # sudo: the list is read to obey it
        listed = set(
            self.env["mail.blacklist"].sudo().search([("email", "in", list(emails))]).mapped("email") if emails else []
        )
        for row in rows:
            row["blacklisted"] = row["partner"].email_normalized in listed

    @api.model
    def _held_back(self, row, channel, has_written):
        partner = row["partner"]
        return held_back(
            row["kind"],
            partner.commercial_partner_id.scm_delivery_messages
            if partner.scm_delivery_messages == "all"
            else partner.scm_delivery_messages,
            bool(partner.email_normalized if channel == "mail" else partner.phone),
            row["blacklisted"] and channel == "mail",
            has_written,
        )

    @api.model
    def _prepare_message(self, company, row, channel, rule, by_hand, has_written):
        reason = self._held_back(row, channel, has_written)
        state = "suppressed" if reason else ("scheduled" if rule and rule.mode == "auto" and not by_hand else "draft")
        return {
            "parcel_id": row["parcel"].id if row.get("parcel") else None,
            "picking_id": row["picking"].id if row.get("picking") else None,
            "partner_id": row["partner"].id or None,
            "disruption_id": self.env.context.get("scm_disruption_id"),
            "kind": row["kind"],
            "channel": channel,
            "subject_key": row["subject_key"],
            "state": state,
            "reason": reason,
            "date_scheduled": self._not_in_quiet_hours(company, row["partner"], fields.Datetime.now()),
            "date_before": row.get("date_before") or None,
            "date_told": row.get("date_told") or None,
            "news_at": row["news_at"],
        }

    @api.model
    def _not_in_quiet_hours(self, company, partner, moment):
        """First moment (naive UTC) that is not in the quiet hours of the customer's own day."""
        zone = partner.tz or partner.commercial_partner_id.tz or zone_name(company)
        local = local_moment(moment, zone)
        sent = send_at(local, company.scm_quiet_from, company.scm_quiet_to)
        return utc_moment(sent, zone) if sent != local else moment

    @api.model
    def _insert(self, company, prepared):
        if not prepared:
            return self.browse()
        self.flush_model()
        now = fields.Datetime.now()
        values = {name: [row[name] for row in prepared] for name in _COLUMNS}
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO scm_parcel_message (%s, company_id, create_uid, create_date, write_uid, write_date)
                   SELECT new.*, %s, %s, %s, %s, %s FROM unnest(%s) AS new ON CONFLICT DO NOTHING RETURNING id""",
                SQL(", ").join(SQL.identifier(name) for name in _COLUMNS),
                *(company.id, self.env.uid, now, self.env.uid, now),
                SQL(", ").join(SQL("%s::" + _COLUMNS[name] + "[]", values[name]) for name in _COLUMNS),
            )
        )
        messages = self.browse(id_ for (id_,) in rows)
        self.invalidate_model()
        return messages

    @api.model
    def _retire(self, pairs):
        """Hold back what newer news made pointless: unsent messages of these (parcel id, kind)."""
        if not pairs:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE scm_parcel_message message SET state = 'suppressed', reason = 'newer', write_date = %s
                     FROM unnest(%s::int4[], %s::text[]) AS old(parcel_id, kind)
                    WHERE message.parcel_id = old.parcel_id AND message.kind = old.kind
                      AND message.state IN ('draft', 'scheduled')""",
                fields.Datetime.now(),
                [id_ for id_, _kind in pairs],
                [kind for _id, kind in pairs],
            )
        )
        self.invalidate_model(["state", "reason"])

    # Has a person written already?

    @api.model
    def _person_wrote(self, rows):
        """Positions of the rows after whose news one of us wrote to the customer: on parcel, order or transfer."""
        if not rows:
            return set()
        self.env["mail.message"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT news.position
                  FROM unnest(%(positions)s::int4[], %(parcels)s::int4[], %(pickings)s::int4[],
                              %(since)s::timestamp[]) AS news(position, parcel_id, picking_id, since)
                  JOIN LATERAL (
                       SELECT 'scm.parcel' AS model, news.parcel_id AS res_id
                        UNION ALL
                       SELECT 'stock.picking', news.picking_id
                        UNION ALL
                       SELECT 'stock.picking', picking_id FROM scm_parcel_picking_rel
                        WHERE parcel_id = news.parcel_id
                        UNION ALL
                       SELECT 'sale.order', order_id FROM scm_parcel_sale_rel WHERE parcel_id = news.parcel_id
                        UNION ALL
                       SELECT 'sale.order', sale_id FROM stock_picking WHERE id = news.picking_id) document ON TRUE
                  JOIN mail_message message
                    ON message.model = document.model AND message.res_id = document.res_id
                   AND message.message_type = 'comment' AND message.subtype_id = %(comment)s
                   AND message.date >= news.since
                 WHERE EXISTS (SELECT 1 FROM res_users one
                                WHERE one.partner_id = message.author_id AND one.share IS NOT TRUE)
                """,
                positions=list(range(len(rows))),
                parcels=[row["parcel"].id if row.get("parcel") else None for row in rows],
                pickings=[row["picking"].id if row.get("picking") else None for row in rows],
                since=[row["news_at"] for row in rows],
                comment=self.env.ref("mail.mt_comment").id,
            )
        )
        return {position for (position,) in found}
