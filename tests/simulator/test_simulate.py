import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_it_says_where_it_serves_and_ends_cleanly(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    process = subprocess.Popen(
        [
            sys.executable, "manage.py", "simulate", "--nodes=2", "--pods-per-node=4",
            "--churn=5", f"--kubeconfig-out={kubeconfig}",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Serving http://127.0.0.1:")
    assert line.split()[1].rstrip(",") in kubeconfig.read_text()
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--system=calico", "not built yet"),
        ("--nodes=0", "at least 1 node"),
        ("--start=yesterday", "'yesterday'"),
    ],
)
def test_a_bad_argument_is_one_clear_line(option: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("simulate", option)
