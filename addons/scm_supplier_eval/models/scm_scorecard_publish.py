from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ScmScorecard(models.Model):
    """Publishing freezes a card; what changes it afterwards is a restatement with a reason."""

    _inherit = "scm.scorecard"
    _rec_names_search = ("partner_id",)

    date_as_of = fields.Date("Judged on", readonly=True, help="Receipts after this day were not seen.")
    date_published = fields.Datetime("Published on", readonly=True, copy=False)
    user_id = fields.Many2one("res.users", "Published by", readonly=True, copy=False)
    restatement_ids = fields.One2many("scm.scorecard.restatement", "card_id", "Restatements", readonly=True)
    period = fields.Char(compute="_compute_period_name")

    @api.depends("date_from", "date_to")
    def _compute_period_name(self):
        for card in self:
            card.period = card._period_name(card.date_from, card.date_to)

    @api.depends("partner_id", "period")
    def _compute_display_name(self):
        for card in self:
            card.display_name = f"{card.partner_id.display_name}, {card.period}"

    @api.model
    def _period_name(self, first, last):
        """2026-10 for a month, 2026 Q4 for a quarter, else both days."""
        if not first or not last:
            return ""
        following = fields.Date.add(last, days=1)
        whole = first.day == 1 and following.day == 1
        if whole and (first.year, first.month) == (last.year, last.month):
            return f"{first:%Y-%m}"
        if whole and first.month % 3 == 1 and fields.Date.add(first, months=3) == following:
            return f"{first.year} Q{(first.month + 2) // 3}"
        return f"{first} – {last}"

    def _check_publisher(self):
        if not (self.env.su or self.env.user.has_group("scm_base.scm_group_manager")):
            raise AccessError(self.env._("Only supply chain managers publish scorecards. Ask one of them."))
        self.check_access("read")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if frozen := self.filtered(lambda card: card.state != "draft"):
            raise UserError(
                self.env._("%(card)s is published and stays. Restate it if it is wrong.", card=frozen[0].display_name)
            )

    def action_publish(self):
        """Publish these cards: they are frozen, suppliers see them, grades follow. For supply-chain managers.

        :return: True
        """
        self._check_publisher()
        self._check_period_over()
        drafts = self.filtered(lambda card: card.state == "draft")
        # sudo: the role is checked above; nobody writes cards by himself
        drafts.sudo().write({"state": "published", "date_published": fields.Datetime.now(), "user_id": self.env.uid})
        drafts.sudo()._after_publish()
        return True

    def _check_period_over(self):
        for card in self:
            if card.date_to >= card.company_id._scm_local_today():
                raise UserError(
                    self.env._("The period of %(card)s is not over yet: publish it later.", card=card.display_name)
                )

    def _after_publish(self):
        """Hook: what follows from published or restated cards (grades, mails). Extensions call super."""

    def action_restate(self, reason):
        """Compute published cards again, without what was excluded since. For supply-chain managers.

        :param reason: kept with what stood before
        :return: True
        """
        self._check_publisher()
        return self._restate(reason)

    def _restate(self, reason):
        """Compute published cards again; the caller has checked who asks. Logged with what changed."""
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the card is restated."))
        cards = self.sudo()  # called after a check of the role, by action_restate and by accepted contests
        for (company, first, last), group in cards.grouped(
            lambda card: (card.company_id, card.date_from, card.date_to)
        ).items():
            found = cards.env["scm.scorecard.compute"].with_company(company)._rows(company, first, last)
            rows = {row["partner_id"]: row for row in found}
            for card in group.filtered(lambda card: card.state != "draft"):
                card._restate_as(rows.get(card.partner_id.id), reason.strip())
        cards._after_publish()
        return True

    def _restate_as(self, row, reason):
        before = self._prepare_snapshot()
        if row is None:
            raise UserError(
                self.env._("%(card)s would have no facts left: it cannot be restated.", card=self.display_name)
            )
        compute = self.env["scm.scorecard.compute"]
        self.line_ids.unlink()
        stamp = {"create_uid": self.env.uid, "write_uid": self.env.uid, "create_date": fields.Datetime.now(),
                 "write_date": fields.Datetime.now()}  # fmt: skip
        self.write({"state": "restated", **{name: row[name] for name in ("total", "confidence", "sample", "why")}})
        if row["trend"] is not None:
            self.trend = row["trend"]
        self.flush_recordset()
        compute._write_lines(self.company_id, {self.id: row}, stamp)
        self.invalidate_recordset()
        self.env["scm.scorecard.restatement"].create(
            {"card_id": self.id, "reason": reason, "user_id": self.env.uid, "before": before,
             "after": self._prepare_snapshot()}
        )  # fmt: skip

    def _prepare_snapshot(self):
        """Total and values of a card, as JSON."""
        return {
            "total": self.total,
            "lines": {line.criterion_id.code: [line.value, line.score, line.sample] for line in self.line_ids},
        }
