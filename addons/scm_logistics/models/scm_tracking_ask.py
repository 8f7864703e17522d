import time
from collections import defaultdict
from datetime import timedelta
from urllib.parse import quote, urlsplit

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..kernel import kuaidi100, seventeen_track
from ..kernel.pacing import back_off_seconds, pause_minutes, refill
from ..kernel.tracking_payload import PayloadError, Reading, load, read_json, same_number
from ..tools.fetch import Question, ask_all, is_their_status

#: questions of one batch: what is lost when the server is killed meanwhile, and asked again
BATCH_QUESTIONS = 50
#: a provider is asked for at least so many at once, or for what it allows in a minute: not drop by drop
FEWEST_QUESTIONS = 10
#: after so many days without any news nobody asks any more
GIVE_UP_DAYS = 120
PHONE_DIGITS = 15


class ScmTrackingProvider(models.Model):
    """The asking side of a provider: which parcels, how fast, and what to do with no answer."""

    _inherit = "scm.tracking.provider"

    @api.constrains("poll", "poll_url", "kind")
    def _check_poll_url(self):
        for provider in self.filtered("poll"):
            url = provider.sudo().poll_url or provider._standard_url()  # sudo: looked at, not shown
            parts = urlsplit(url or "")
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
                raise ValidationError(
                    self.env._(
                        "“%(provider)s”: write the address to ask, beginning with https://, without a password in it. "
                        "An administrator (Settings) can do so.",
                        provider=provider.name,
                    )
                )
            many = provider.kind != "json" or provider.poll_method == "post"
            if not many and "{tracking}" not in url:
                raise ValidationError(
                    self.env._(
                        "“%(provider)s”: the address to ask must say {tracking} where the tracking number belongs.",
                        provider=provider.name,
                    )
                )

    def _standard_url(self):
        return {"kuaidi100": kuaidi100.QUERY_URL, "17track": seventeen_track.QUERY_URL}.get(self.kind, False)

    # How fast

    def _tokens_now(self, now):
        """Questions that may be asked now; a provider that was never asked has a whole minute's worth."""
        if not self.poll_tokens_at:
            return float(self.poll_per_minute)
        return refill(self.poll_tokens, (now - self.poll_tokens_at).total_seconds(), self.poll_per_minute)

    def _is_ready(self, now):
        """True when it may be asked for a whole minute's worth, or as many as its bucket can hold."""
        waits = self.poll_resume_at and self.poll_resume_at > now
        return not waits and self._tokens_now(now) >= self.poll_per_minute - 0.5

    # Which parcels

    def _parcels_per_question(self):
        many = self.kind == "17track" or (self.kind == "json" and self.poll_method == "post")
        return self.poll_batch if many else 1

    def _due_parcels(self, now, limit):
        """Ids of the parcels to ask for now, those that wait longest first; no carrier gets more than it allows."""
        carriers = self.env["delivery.carrier"].with_company(self.company_id)
        carriers = carriers.search_fetch([("scm_provider_id", "=", self.id)], ["scm_poll_per_minute"])
        limited = carriers.filtered("scm_poll_per_minute")
        asked = self._asked_lately(limited, now)
        allowed = [
            max(0, carrier.scm_poll_per_minute - asked.get(carrier.id, 0)) if carrier in limited else limit
            for carrier in carriers
        ]
        self.env["scm.parcel"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT due.id
                  FROM unnest(%s::int[], %s::int[]) AS carrier(id, allowed)
            CROSS JOIN LATERAL (
                    SELECT p.id, p.poll_next_at
                      FROM scm_parcel p
                     WHERE p.carrier_id = carrier.id AND p.is_final IS NOT TRUE AND p.company_id = %s
                       AND COALESCE(p.tracking_ref, '') != ''
                       AND (p.poll_next_at IS NULL OR p.poll_next_at <= %s)
                       AND COALESCE(p.last_event_at, p.create_date) > %s
                  ORDER BY p.poll_next_at NULLS FIRST, p.id
                     LIMIT carrier.allowed) due
              ORDER BY due.poll_next_at NULLS FIRST, due.id
                 LIMIT %s
                """,
                carriers.ids,
                allowed,
                self.company_id.id,
                now,
                now - timedelta(days=GIVE_UP_DAYS),
                limit,
            )
        )
        return [parcel for (parcel,) in rows]

    def _asked_lately(self, carriers, now):
        """{carrier id: parcels asked for within the last minute}"""
        groups = self.env["scm.parcel"]._read_group(
            [("carrier_id", "in", carriers.ids), ("poll_at", ">", now - timedelta(minutes=1))],
            ["carrier_id"],
            ["__count"],
        )
        return {carrier.id: count for carrier, count in groups}

    # One batch

    def _ask(self, now):
        """Ask for one batch of parcels and take what is new, in a constant number of queries.

        :return: dict: asked (parcels), failed, events, stored; asked is 0 when nothing may be or has to be asked
        """
        self.ensure_one()
        started = time.monotonic()
        tokens = self._tokens_now(now)
        enough = tokens >= min(self.poll_per_minute, FEWEST_QUESTIONS)
        questions_left = min(int(tokens), BATCH_QUESTIONS) if enough else 0
        ids = self._due_parcels(now, questions_left * self._parcels_per_question()) if questions_left else []
        parcels = self.env["scm.parcel"].browse(ids)
        if not parcels:
            return {"asked": 0, "failed": 0, "events": 0, "stored": 0}
        questions = self._questions(parcels)[:questions_left]
        answers = ask_all(questions, self.poll_timeout)
        reading, results = self._read_answers(answers)
        by_ref = defaultdict(list)
        for parcel in parcels:
            by_ref[same_number(parcel.tracking_ref)].append(parcel.id)
        counts = self._take(reading, by_ref)
        self._note_parcels(results, now)
        self._note_answers(answers, results, tokens, now)
        self._list_ask(reading, counts, results, started)
        failed = sum(1 for result in results.values() if result)
        return {"asked": len(results), "failed": failed, "events": len(reading.events), "stored": counts["stored"]}

    def _questions(self, parcels):
        """Questions about parcels; the key of each is the tuple of their ids."""
        return getattr(self, f"_questions_{self.kind}")(parcels)

    def _questions_kuaidi100(self, parcels):
        settings = self.sudo()  # sudo: the cron, or a manager whose role was checked, uses the key; he does not see it
        return [
            Question(
                (parcel.id,),
                "POST",
                settings.poll_url or kuaidi100.QUERY_URL,
                form=kuaidi100.query_form(
                    parcel.tracking_ref.strip(),
                    parcel.carrier_id.scm_provider_carrier_code or "",
                    "".join(filter(str.isdigit, parcel.partner_id.phone or ""))[-PHONE_DIGITS:],
                    settings.poll_key or "",
                    settings.poll_customer or "",
                ),
            )
            for parcel in parcels
        ]

    def _questions_17track(self, parcels):
        settings = self.sudo()  # sudo: as above
        return [
            Question(
                tuple(part.ids),
                "POST",
                settings.poll_url or seventeen_track.QUERY_URL,
                {seventeen_track.KEY_HEADER: settings.poll_key or ""},
                document=[self._number_17track(parcel) for parcel in part],
            )
            for part in self._parts(parcels)
        ]

    def _number_17track(self, parcel):
        code = parcel.carrier_id.scm_provider_carrier_code or ""
        return {"number": parcel.tracking_ref.strip()} | ({"carrier": int(code)} if code.isdecimal() else {})

    def _questions_json(self, parcels):
        settings = self.sudo()  # sudo: as above
        headers = {settings.poll_key_header or "Authorization": settings.poll_key} if settings.poll_key else {}
        questions = []
        for carrier, own in parcels.grouped("carrier_id").items():
            code = carrier.scm_provider_carrier_code or ""
            for part in self._parts(own):
                numbers = [parcel.tracking_ref.strip() for parcel in part]
                url = settings.poll_url.replace("{carrier}", quote(code, safe=""))
                url = url.replace("{tracking}", quote(numbers[0], safe=""))
                document = {"carrier": code, "tracking_numbers": numbers} if self.poll_method == "post" else None
                questions.append(
                    Question(tuple(part.ids), self.poll_method.upper(), url, headers, document=document)
                )
        return questions

    def _questions_aftership(self, parcels):
        # AfterShip calls us; whoever wants to ask it as well describes it as a JSON provider
        return []

    def _parts(self, parcels):
        size = self._parcels_per_question()
        return [parcels[start : start + size] for start in range(0, len(parcels), size)]

    def _read_answers(self, answers):
        """All events of all answers, and {parcel id: what went wrong or ''} of the parcels that were asked for."""
        whole, results = Reading(), {}
        for ids, answer in answers.items():
            if answer.failure == "not_asked":
                continue
            trouble = f"{answer.failure} {answer.status or ''}".strip() if answer.failure else ""
            if not trouble:
                try:
                    alone = self.env["scm.parcel"].browse(ids).tracking_ref.strip() if len(ids) == 1 else ""
                    reading = self._read_answer(answer.body, alone)
                    whole.events += reading.events
                    whole.skipped += reading.skipped
                except PayloadError as error:
                    says = str(error.__cause__) if error.code.startswith("refused") else ""
                    trouble = f"{error.code}: {says}".strip(": ")
            results.update(dict.fromkeys(ids, trouble))
        return whole, results

    def _read_answer(self, body, number):
        """:param number: the tracking number, where only one was asked for: answers need not repeat it"""
        document = load(body)
        if self.kind == "kuaidi100":
            return kuaidi100.read_answer(document, self._to_utc(), number)
        if self.kind == "17track":
            return seventeen_track.read_answer(document, self._to_utc())
        return read_json(document, self._paths(), self._to_utc(), number)

    # What is noted

    def _note_parcels(self, results, now):
        """When each parcel is asked for again: less often the longer it is quiet, or gives no answer."""
        parcels = self.env["scm.parcel"].browse(results)
        rows = []
        for parcel in parcels:
            failures = parcel.poll_failures + 1 if results[parcel.id] else 0
            since = parcel.last_event_at or parcel.date_handed or parcel.create_date
            quiet = max(0.0, (now - since).total_seconds() / 3600)
            pause = pause_minutes(self.poll_minutes, quiet, failures)
            rows.append((parcel.id, now + timedelta(minutes=pause), failures))
        if not rows:
            return
        ids, moments, failures = zip(*rows, strict=True)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_parcel p SET poll_at = %s, poll_next_at = r.next_at, poll_failures = r.failures
                  FROM unnest(%s::int[], %s::timestamp[], %s::int[]) AS r(id, next_at, failures)
                 WHERE p.id = r.id
                """,
                now,
                list(ids),
                list(moments),
                list(failures),
            )
        )
        parcels.invalidate_recordset(["poll_at", "poll_next_at", "poll_failures"])

    def _note_answers(self, answers, results, tokens, now):
        """Rate and back-off of the provider; one usable answer shows that it is there."""
        asked = [answer for answer in answers.values() if answer.failure != "not_asked"]
        theirs = [trouble for trouble in results.values() if self._is_theirs(trouble)]
        retry_after = max((answer.retry_after for answer in asked), default=0)
        values = {"poll_tokens": max(0.0, tokens - len(asked)), "poll_tokens_at": now}
        if theirs:
            values |= {"poll_error": theirs[0][:200], "poll_failed_at": now}
        gave_up = len(asked) < len(answers)
        if theirs and (gave_up or len(theirs) == len(results)):
            failures = self.poll_failures + 1
            wait = back_off_seconds(failures, retry_after)
            values |= {"poll_failures": failures, "poll_resume_at": now + timedelta(seconds=wait)}
        else:
            slower = any(answer.status == 429 for answer in asked)
            resume = now + timedelta(seconds=back_off_seconds(1, retry_after)) if slower else False
            values |= {"poll_failures": 0, "poll_ok_at": now, "poll_resume_at": resume}
        self.write(values)

    def _is_theirs(self, trouble):
        """True for what other parcels would get as well."""
        if trouble.startswith("http"):
            return is_their_status(int(trouble.split()[-1]))
        return bool(trouble) and not trouble.startswith("refused_parcel")

    def _list_ask(self, reading, counts, results, started):
        troubles = sorted({trouble for trouble in results.values() if trouble})
        outcome = "ok" if not troubles else "failed" if all(results.values()) else "partly"
        detail = "; ".join(troubles)[:500] or False
        self._list_request("poll", outcome, reading, counts, started, detail)
