"""Mistakes in what is concluded from a reading: what opens, closes, and when."""

from tests.faults.seeded_bugs.bug import Bug, Change

PLAN = "tests/sync/test_plan.py"
CHANGES = "tests/sync/test_changes.py"
RELEASES = "tests/sync/test_poll_releases.py"
HISTORY = "tests/sync/test_poll_history.py"

BUGS = (
    Bug(
        "reopen a finished pod",
        (
            Change(
                "ipamweb/sync/plan.py",
                "holds = record.holds_addresses and not outcome.is_terminal",
                "holds = record.holds_addresses",
            ),
        ),
        (f"{PLAN}::test_H5_a_finished_pod_never_holds_again",),
    ),
    Bug(
        "let a namesake stand beside its follower",
        (
            Change(
                "ipamweb/sync/plan.py",
                "        if namesake != uid:\n",
                "        if not namesake:\n",
            ),
        ),
        (f"{PLAN}::test_H1_a_new_uid_under_a_name_ends_the_old_one_first",),
    ),
    Bug(
        "close what a status without addresses does not name",
        (
            Change(
                "ipamweb/sync/plan.py",
                "elif address not in wanted and ranges.family_of(address) in families:",
                "elif address not in wanted:",
            ),
        ),
        (f"{PLAN}::test_a_status_without_addresses_ends_nothing",),
    ),
    Bug(
        "let a late event undo a deletion",
        (
            Change(
                "ipamweb/sync/plan.py",
                "    if outcome.gone_how:\n        return False\n",
                "",
            ),
        ),
        (f"{PLAN}::test_O1_what_comes_after_its_own_deletion_is_ignored",),
    ),
    Bug(
        "open again what is open",
        (
            Change(
                "ipamweb/sync/plan.py",
                "        held = outcome.held.get(address)\n        if held is None:",
                "        held = outcome.held.get(address)\n        if address:",
            ),
        ),
        (f"{PLAN}::test_what_is_known_is_not_opened_again",),
    ),
    Bug(
        "compare versions as text",
        (
            Change(
                "ipamweb/sync/changes.py",
                "    return int(version) > int(than)",
                "    return version > than",
            ),
        ),
        ("tests/sync/test_poll_order.py::test_O1_versions_are_compared_as_numbers",),
    ),
    Bug(
        "believe an older event",
        (
            Change(
                "ipamweb/sync/changes.py",
                "    return int(version) > int(than)",
                "    return True",
            ),
        ),
        (f"{PLAN}::test_O1_an_older_event_writes_nothing",),
    ),
    Bug(
        "take the creationTimestamp for the beginning",
        (
            Change(
                "ipamweb/sync/changes.py",
                "return min(earliest, self.answered_at), self.answered_at",
                "return (min(earliest, self.answered_at),) * 2",
            ),
        ),
        (f"{CHANGES}::test_an_opening_lies_between_what_was_known_and_the_answer",),
    ),
    Bug(
        "call certain what was held until the answer",
        (
            Change(
                "ipamweb/sync/changes.py",
                "last_held = min(self.previous or valid_from, self.answered_at)",
                "last_held = self.answered_at",
            ),
        ),
        (f"{CHANGES}::test_a_closing_lies_between_what_was_known_and_the_answer",),
    ),
    Bug(
        "close on a list that is not whole",
        (
            Change(
                "ipamweb/sync/gather.py",
                "from contextlib import closing\n",
                "from contextlib import closing, suppress\n",
            ),
            Change(
                "ipamweb/sync/gather.py",
                "    with closing(pages):\n",
                "    with closing(pages), suppress(Exception):\n",
            ),
        ),
        (f"{RELEASES}::test_R1_R4_a_page_that_is_cut_anywhere_closes_nothing",),
    ),
    Bug(
        "take a malformed object for absent",
        (
            Change(
                "ipamweb/sync/gather.py",
                "            self.known.pop(problem.object_uid, None)\n",
                "            pass\n",
            ),
        ),
        (
            f"{RELEASES}"
            "::test_R9_a_pod_that_cannot_be_read_stays_open_and_the_rest_goes_on",
        ),
    ),
    Bug(
        "conclude from a list with an unknown object",
        (
            Change(
                "ipamweb/sync/gather.py",
                "return [] if self.unidentified else list(self.known)",
                "return list(self.known)",
            ),
        ),
        (
            f"{RELEASES}"
            "::test_R9_an_object_without_a_readable_uid_forbids_closings_of_its_kind",
        ),
    ),
    Bug(
        "close what lies outside of the namespaces that were listed",
        (
            Change(
                "ipamweb/sync/known.py",
                '"namespace_name IN {among}" if namespaces else',
                "",
            ),
            Change(
                "ipamweb/sync/known.py",
                "            among=namespaces or [1],\n",
                "            among=[1],\n",
            ),
        ),
        (f"{RELEASES}::test_R7_a_narrower_scope_closes_nothing",),
    ),
    Bug(
        "take a group that is not served for empty",
        (
            Change(
                "ipamweb/sync/replaced.py", "    if needed:\n", "    if not found:\n"
            ),
        ),
        (f"{RELEASES}::test_R6_a_group_that_is_not_served_is_not_empty",),
    ),
    Bug(
        "release without a brake",
        (
            Change(
                "ipamweb/sync/release.py",
                "    if count <= BRAKE_COUNT:\n",
                "    if count >= 0:\n",
            ),
        ),
        ("tests/sync/test_release.py::test_R5_an_empty_list_is_held_back",),
    ),
    Bug(
        "believe a second list that comes at once",
        (
            Change(
                "ipamweb/sync/release.py",
                ">= timedelta(seconds=SECOND_LOOK_SECONDS)",
                ">= timedelta(0)",
            ),
        ),
        ("tests/sync/test_release.py::test_R5_a_second_list_too_soon_proves_nothing",),
    ),
)
