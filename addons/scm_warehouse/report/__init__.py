from . import scm_count_accuracy
from . import scm_count_accuracy_summary
