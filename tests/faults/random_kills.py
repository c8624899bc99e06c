"""The program behind kill_run.py: plays the scenes, and kills at random instants."""

import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management import call_command

from ipamweb.access.models import ClusterConnection
from ipamweb.mirror.models import Cluster
from ipamweb.sync import acts
from tests.faults.kill_harness import Reference, Trial, left
from tests.faults.kill_scenes import SCENES
from tests.faults.prepared_child import PreparedChild, database_url, prepared_child

# So many clusters are played at a time: all hold the same rows.
AT_ONCE = 10


@dataclass(slots=True)
class RandomKills:
    child: PreparedChild
    dice: random.Random
    folder: Path
    kills: int = 0
    complaints: list[str] = field(default_factory=list)

    def run(self, points: int) -> None:
        """Kill in all scenes alike; a poll that was quicker than its end is no kill."""
        for index, scene in enumerate(SCENES, start=1):
            trial = Trial(scene, self.child, self.folder)
            peace = trial.reference()
            forget_all()
            while self.kills < points * index / len(SCENES):
                self._some(trial, peace)

    def _some(self, trial: Trial, peace: Reference) -> None:
        slugs = [f"{trial.scene.name.replace(' ', '-')}-{n}" for n in range(AT_ONCE)]
        with trial.played(slugs) as due:
            for slug in slugs:
                instant = self.dice.uniform(0.005, 1.2 * peace.last.seconds)
                ended = self.child.poll(slug, due.now, after_seconds=instant)
                self.kills += ended.state == "killed"
                said = [*left(slug), *trial.taken_over(slug, due, peace)]
                self.complaints += [f"{slug} at {instant:.4f} s: {x}" for x in said]
        forget_all()


def forget_all() -> None:
    for cluster in Cluster.objects.all():
        acts.remove(cluster)
    ClusterConnection.objects.all().delete()


def main() -> None:
    points, seed = map(int, sys.argv[1:])
    call_command("migrate", verbosity=0)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="ipam-", dir="/tmp") as folder,
        prepared_child(database_url()) as child,
    ):
        kills = RandomKills(child, random.Random(seed), Path(folder))
        kills.run(points)
    seconds = time.monotonic() - began
    report = {
        "kills": kills.kills,
        "seconds": seconds,
        "complaints": kills.complaints,
    }
    print(json.dumps(report))
