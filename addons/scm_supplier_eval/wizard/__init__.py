from . import scm_standing_decision
from . import scm_qualification_decision
from . import scm_evidence_refusal
from . import scm_scorecard_restate
from . import base_partner_merge
