from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: what a supplier fills in; the problem (D2) is ours, and so is the closure (D8)
ANSWER_FIELDS = (
    "d1_team",
    "d3_containment",
    "d4_cause",
    "d5_correction",
    "d6_implementation",
    "d7_prevention",
)
#: without these there is no answer: what protects us now, why it happened, what will remove the cause
NEEDED_FIELDS = ("d3_containment", "d4_cause", "d5_correction")
CLOSED = ("done", "cancelled")
MAX_TEXT_LENGTH = 5000


class ScmImprovement(models.Model):
    """How a supplier answers a corrective action. He sees those that have a day by which he should answer."""

    _inherit = "scm.improvement"

    def _scm_domain_asked(self):
        """Corrective actions that a supplier was asked for, and that are not withdrawn."""
        return (
            Domain("area", "=", "supplier")
            & Domain("date_answer_due", "!=", False)
            & Domain("state", "!=", "cancelled")
        )

    def scm_answer_supplier(self, values):
        """Take down what the supplier answers to a corrective action, as he said it by portal, mail or on a visit.

        The first answer sets the day by which his response is measured; he may complete it until we close the action.

        :param values: texts by field: d1_team, d3_containment, d4_cause, d5_correction, d6_implementation,
            d7_prevention
        :return: True
        """
        self.ensure_one()
        self.check_access("write")
        texts = self._scm_check_answer(values)
        first = not self.date_answered
        texts["date_answered"] = self.date_answered or fields.Datetime.now()
        if self.state == "open":
            texts["state"] = "running"
        # sudo: the write access was checked above; the day of the answer is written by the system only
        self.sudo().write(texts)
        self.message_post(
            body=self.env._("The supplier has answered.")
            if first
            else self.env._("The supplier completed its answer."),
            author_id=self.env.user.partner_id.id,
            partner_ids=self.user_id.partner_id.ids,
        )
        return True

    def _scm_check_answer(self, values):
        unknown = set(values) - set(ANSWER_FIELDS)
        if unknown:
            raise UserError(
                self.env._(
                    "%(names)s cannot be answered. Known are: %(known)s.",
                    names=", ".join(sorted(unknown)),
                    known=", ".join(ANSWER_FIELDS),
                )
            )
        if self.state in CLOSED:
            raise UserError(self.env._("“%s” is closed: it takes no more answers.", self.name))
        texts = {name: str(text or "").strip()[:MAX_TEXT_LENGTH] for name, text in values.items()}
        missing = [name for name in NEEDED_FIELDS if not texts.get(name, self[name])]
        if missing:
            labels = [self._fields[name]._description_string(self.env) for name in missing]
            raise UserError(
                self.env._("“%(name)s”: please fill in %(fields)s.", name=self.name, fields=", ".join(labels))
            )
        return texts
