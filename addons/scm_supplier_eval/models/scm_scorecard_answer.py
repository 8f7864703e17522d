from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.zones import local_today

#: states in which a supplier sees its card
PUBLISHED = ("published", "restated")


class ScmScorecard(models.Model):
    """What the supplier says to its card: it accepts it, or contests a measure or one of the facts behind it."""

    _inherit = "scm.scorecard"

    supplier_answer = fields.Selection(
        [("open", "Not Answered"), ("accepted", "Accepted"), ("contested", "Contested")],
        "Supplier's Answer",
        readonly=True,
        copy=False,
    )
    supplier_answer_date = fields.Datetime("Answered", readonly=True, copy=False)
    supplier_answer_by_id = fields.Many2one("res.partner", "Answered by", readonly=True, copy=False)
    answer_until = fields.Date("To Contest until", readonly=True, copy=False)
    contest_ids = fields.One2many("scm.scorecard.contest", "card_id", "Contests", readonly=True)

    def _after_publish(self):
        """From the day of publication on, the supplier has so many days to contest."""
        result = super()._after_publish()
        fresh = self.filtered(lambda card: card.state == "published" and not card.supplier_answer)
        for company, cards in fresh.grouped("company_id").items():
            days = company.scm_contest_days
            until = local_today(company) + timedelta(days=days) if days else False
            # sudo: part of publishing, whose role the caller checked
            cards.sudo().write({"supplier_answer": "open", "answer_until": until})
        return result

    def _can_contest(self):
        self.ensure_one()
        today = local_today(self.company_id)
        return self.state in PUBLISHED and (not self.answer_until or today <= self.answer_until)

    # Public interface

    def scm_accept(self):
        """Note that the supplier accepts its card, as it said on its portal page or to a buyer.

        :return: True
        """
        self._check_answerable()
        for card in self:
            if card.contest_ids.filtered(lambda contest: contest.state == "open"):
                raise UserError(
                    self.env._(
                        "A contest of %s waits for an answer: it can be accepted after that.", card.period
                    )
                )
        self._write_answer("accepted")
        return True

    def scm_contest(self, text, line_id=False, res_model=False, res_id=False):
        """Take down what a supplier contests on its card; a buyer answers it.

        :param text: the supplier's reason
        :param line_id: the measure (``scm.scorecard.line``) of this card
        :param res_model, res_id: the fact behind the measure that is contested; without it, the whole measure
        :return: id of the contest
        """
        self.ensure_one()
        self._check_answerable()
        if not self._can_contest():
            raise UserError(
                self.env._("%s cannot be contested any more: the time for it has passed.", self.period)
            )
        line = self.line_ids.filtered(lambda line: line.id == line_id)
        if not line:
            raise UserError(self.env._("Choose the measure of %s that is contested.", self.period))
        contest = self.env["scm.scorecard.contest"]._open(self, line, text, res_model, res_id)
        self._write_answer("contested")
        return contest.id

    def _check_answerable(self):
        for card in self:
            if not self.env.su:
                card.env["scm.scorecard.contest"]._check_buyer()
                card.check_access("read")
            if card.state not in PUBLISHED:
                raise UserError(
                    self.env._("The card of %s is not published yet: there is nothing to answer.", card.partner_id.name)
                )

    def _write_answer(self, answer):
        # sudo: _check_answerable checked the role; cards are written by the system only
        self.sudo().write(
            {
                "supplier_answer": answer,
                "supplier_answer_date": fields.Datetime.now(),
                "supplier_answer_by_id": self.env.user.partner_id.id,
            }
        )
