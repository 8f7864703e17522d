from . import test_common
from . import test_promise
from . import test_receipt_fact
from . import test_alert
from . import test_alert_digest
from . import test_run
from . import test_overview
from . import test_import
