from . import test_return_request
from . import test_return_portal
