"""What the demo market refuses."""

from common.errors import DomainError


class DemoRefused(DomainError):
    """The demo market would mix with something it must be kept apart from."""

    default_code = "demo_refused"


class RealProductsPresent(DemoRefused):
    """There are products that are not of a demo market."""

    default_code = "real_products_present"


class OtherDemoPresent(DemoRefused):
    """There is a demo market of another size or seed."""

    default_code = "other_demo_present"
