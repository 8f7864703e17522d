from . import scm_policy_adopt
