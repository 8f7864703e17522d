from . import test_return_request
from . import test_return_portal
from . import test_return_policy
from . import test_feedback
from . import test_return_inspection
from . import test_care
from . import test_return_settlement
from . import test_return_finding
