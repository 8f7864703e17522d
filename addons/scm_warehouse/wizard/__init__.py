from . import scm_count_reject
