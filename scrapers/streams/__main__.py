"""`python -m scrapers.streams`: the ingest process without Django's applications.

`manage.py run_ingest` becomes this process: the settings are all it needs of Django, and the applications
would take more memory than everything else in it.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

EXIT_FAILURE = 1
EXIT_USAGE = 2


def main(argv: Sequence[str]) -> int:
    """Run the process and return its exit code; expected failures are one line each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arbsite.settings")
    from django.conf import settings
    from django.utils.log import configure_logging

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)

    from .addresses import AddressInvalid
    from .options import OptionsInvalid, add_arguments, read_options
    from .outlet import EndpointTaken
    from .process import ingest

    parser = ArgumentParser(prog="run_ingest")
    parser.add_argument("--json", action="store_true")
    add_arguments(parser)
    try:
        options = read_options(vars(parser.parse_args(argv)))
        ingest(options)
    except (OptionsInvalid, AddressInvalid, ValueError) as error:
        sys.stderr.write(f"error: {error}\n")
        return EXIT_USAGE
    except (EndpointTaken, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return EXIT_FAILURE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
