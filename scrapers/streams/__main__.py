"""`python -m scrapers.streams`: the ingest process without Django's applications.

`manage.py run_ingest` becomes this process: the settings are all it needs of Django, and the applications
would take more memory than everything else in it.
"""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Prepare settings and log, run the process and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arbsite.settings")
    from django.conf import settings
    from django.utils.log import configure_logging

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    return run(argv)


def run(argv: Sequence[str]) -> int:
    """Run what the command line asks for and return the exit code; expected failures are one line each."""
    from .addresses import AddressInvalid
    from .options import OptionsInvalid, add_arguments, read_options
    from .outlet import EndpointTaken
    from .process import ingest, replay_recording
    from .replaying import RecordingInvalid

    parser = ArgumentParser(prog="run_ingest")
    parser.add_argument("--json", action="store_true")
    add_arguments(parser)
    try:
        options = read_options(vars(parser.parse_args(argv)))
        if options.replay is None:
            ingest(options)
            return 0
        report = replay_recording(options)
    except (OptionsInvalid, AddressInvalid, ValueError) as error:
        sys.stderr.write(f"error: {error}\n")
        return EXIT_USAGE
    except (EndpointTaken, RecordingInvalid, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return EXIT_FAILURE
    except KeyboardInterrupt:
        sys.stderr.write("error: Interrupted.\n")
        return EXIT_INTERRUPTED
    sys.stdout.write(f"{json.dumps(report.facts()) if options.as_json else report.text()}\n")
    return EXIT_FAILURE if report.flaws else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
