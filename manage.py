#!/usr/bin/env python3
"""The command line. A setting that cannot work is one line here, not a traceback."""

import os
import sys
from io import TextIOWrapper

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipamweb.settings")
    # Whoever reads us through a pipe gets each line when it is said.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except ImproperlyConfigured as problem:
        sys.exit(f"error: {problem}")
    except BrokenPipeError:
        # As in `status demo | head`: whoever reads has read enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
