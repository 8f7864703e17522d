from odoo import fields, models
from odoo.tools import SQL

#: kinds of questions whose answer is one value, with the field that holds it
VALUE_FIELDS = {
    "text_box": "value_text_box",
    "char_box": "value_char_box",
    "numerical_box": "value_numerical_box",
    "scale": "value_scale",
    "date": "value_date",
}


class ScmImporterQuestionnaireAnswer(models.AbstractModel):
    """Reading one answer of a file: which question it is for, and which choice or value it means."""

    _name = "scm.importer.questionnaire.answer"
    _description = "Answers in Files of Questionnaires"

    def _catalogues(self, templates):
        """{template id: {lower-case code or words: question}}, each question with the words of its choices.

        Words count in every language; two queries for questions and choices, whatever the number of templates.
        """
        survey_ids = [template.survey_id.id for template in templates]
        # sudo: the importer's access was checked; buyers have no right to surveys
        questions = self.env["survey.question"].sudo()
        questions = questions.search([("survey_id", "in", survey_ids), ("is_page", "=", False)])
        words, choices = self._words_of(questions), self._choices_of(questions)
        by_survey = questions.grouped(lambda question: question.survey_id.id)
        catalogues = {}
        for template in templates:
            catalogue = catalogues[template.id] = {}
            for question in by_survey.get(template.survey_id.id, ()):
                entry = (question, choices.get(question.id, ({}, {})))
                for word in words[question.id]:
                    catalogue.setdefault(word, entry)
                if question.scm_code:
                    catalogue[question.scm_code.casefold()] = entry
        return catalogues

    def _words_of(self, questions):
        rows = self.env.execute_query(SQL("SELECT id, title FROM survey_question WHERE id = ANY(%s)", questions.ids))
        return {id_: {word.strip().casefold() for word in title.values()} for id_, title in rows}

    def _choices_of(self, questions):
        """{question id: ({lower-case words: choice id}, {points: choice ids})}"""
        found = {}
        for id_, question_id, value, score in self.env.execute_query(
            SQL(
                "SELECT id, question_id, value, answer_score FROM survey_question_answer"
                " WHERE question_id = ANY(%s) ORDER BY sequence, id",
                questions.ids,
            )
        ):
            by_word, by_points = found.setdefault(question_id, ({}, {}))
            for word in (value or {}).values():
                by_word.setdefault(word.strip().casefold(), id_)
            by_points.setdefault(float(score or 0.0), []).append(id_)
        return found

    def _answer(self, row, catalogue, report):
        """What is kept of a row, or None after an error."""
        found = catalogue.get(row.values["question"].strip().casefold())
        if not found:
            report.error(row, "question", self.env._("The template has no such question."))
            return None
        question, choices = found
        text = str(row.values.get("answer") or "").strip()
        if not text:
            if question.constr_mandatory:
                report.error(row, "answer", self.env._("This question must be answered."))
            return None
        if question.question_type in ("simple_choice", "multiple_choice"):
            values = self._chosen(row, question, choices, text, report)
        else:
            values = self._typed(row, question, text, report)
        return values and {"question_id": question.id, "comment": row.values.get("comment") or False} | values

    def _chosen(self, row, question, choices, text, report):
        by_word, by_points = choices
        several = question.question_type == "multiple_choice"
        ids = []
        for part in text.split(";") if several else [text]:
            id_ = by_word.get(part.strip().casefold()) or self._by_points(part, by_points)
            if not id_:
                known = "; ".join(question.suggested_answer_ids.mapped("value"))
                report.error(row, "answer", self.env._("Choose one of: %(choices)s", choices=known))
                return None
            ids.append(id_)
        return {"choice_ids": ids}

    def _by_points(self, text, by_points):
        """Points stand for a choice where only one choice has them."""
        try:
            ids = by_points.get(float(text), ())
        except ValueError:
            return None
        return ids[0] if len(ids) == 1 else None

    def _typed(self, row, question, text, report):
        kind = question.question_type
        if kind not in VALUE_FIELDS:
            report.error(row, "question", self.env._("Questions of this kind cannot be imported."))
            return None
        try:
            value = self._parsed(kind, text)
        except ValueError:
            expected = {
                "numerical_box": self.env._("Write a number."),
                "scale": self.env._("Write a whole number."),
                "date": self.env._("Write a date as 2026-03-15."),
            }
            report.error(row, "answer", expected[kind])
            return None
        if kind == "scale" and not question.scale_min <= value <= question.scale_max:
            low, high = question.scale_min, question.scale_max
            report.error(row, "answer", self.env._("Write a number from %(low)s to %(high)s.", low=low, high=high))
            return None
        return {"value": value, "kind": kind}

    def _parsed(self, kind, text):
        if kind == "numerical_box":
            return float(text.replace(" ", "").replace(",", ""))
        if kind == "scale":
            return int(float(text))
        if kind == "date":
            return fields.Date.to_string(fields.Date.to_date(text))
        return text

    def _prepare_lines(self, form, row):
        """Answer lines of a form as Odoo's survey keeps them."""
        own = {"user_input_id": form.id, "question_id": row["question_id"], "skipped": False}
        lines = [own | {"answer_type": "suggestion", "suggested_answer_id": id_} for id_ in row.get("choice_ids", ())]
        if "kind" in row:
            lines.append(own | {"answer_type": row["kind"], VALUE_FIELDS[row["kind"]]: row["value"]})
        if row["comment"] and "kind" not in row:
            lines.append(own | {"answer_type": "char_box", "value_char_box": row["comment"]})
        return lines
