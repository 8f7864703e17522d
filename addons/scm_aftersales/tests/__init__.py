from . import test_return_request
