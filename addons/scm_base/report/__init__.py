from . import scm_receipt_fact
