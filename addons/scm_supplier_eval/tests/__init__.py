from . import test_standing
from . import test_buyer_survey
from . import test_scorecard
from . import test_response
from . import test_receipt_inspection
