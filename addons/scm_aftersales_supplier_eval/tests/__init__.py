from . import test_customer_returns
