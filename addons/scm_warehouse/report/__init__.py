from . import scm_count_accuracy
