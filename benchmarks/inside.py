"""Set Django up, run one task of tasks.py and print what it says: a line of JSON."""

import importlib
import json
import sys

import django


def main(task: str, arguments: str) -> None:
    # The tasks import tables, which only exist once Django is up.
    django.setup()
    tasks = importlib.import_module("benchmarks.tasks")
    print(json.dumps(tasks.TASKS[task](**json.loads(arguments))))


if __name__ == "__main__":
    main(*sys.argv[1:])
