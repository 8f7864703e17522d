from . import scm_standing_decision
