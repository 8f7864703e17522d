from . import test_common
from . import test_promise
from . import test_receipt_fact
