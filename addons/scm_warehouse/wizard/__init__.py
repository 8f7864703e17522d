from . import scm_count_reject
from . import scm_safety_cancel
