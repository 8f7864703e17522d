from . import scm_policy_adopt
from . import scm_excess_dismiss
