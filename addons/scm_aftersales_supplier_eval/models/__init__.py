from . import scm_scorecard_customer_facts
from . import scm_scorecard_customer_measure
from . import scm_scorecard_customer_drill
from . import scm_return_finding
