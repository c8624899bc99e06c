"""Mistakes in writing, and around it: leases, cursors, gaps, pauses."""

from tests.faults.seeded_bugs.bug import Bug, Change

LIVENESS = "tests/sync/test_poll_liveness.py"
ORDER = "tests/sync/test_poll_order.py"
HISTORY = "tests/sync/test_poll_history.py"
RELEASES = "tests/sync/test_poll_releases.py"

BUGS = (
    Bug(
        "advance the cursor before the data is written",
        (
            Change(
                "ipamweb/sync/poll.py",
                "        for each in gathered:\n            writer.seen(each)\n",
                "        with lease.writing(self.held):\n"
                "            move_cursors(self.cluster, self.cursors, gathered)\n"
                "        for each in gathered:\n            writer.seen(each)\n",
            ),
        ),
        (f"{ORDER}::test_O2_the_cursor_stays_where_a_write_fails",),
    ),
    Bug(
        "write without the lease",
        (
            Change(
                "ipamweb/sync/lease.py",
                "        if not renewed:\n",
                "        if renewed is None:\n",
            ),
        ),
        (f"{LIVENESS}::test_C2_a_worker_paused_past_its_lease_writes_nothing",),
    ),
    Bug(
        "ignore the fence",
        (
            Change(
                "ipamweb/sync/lease.py",
                "cluster=held.cluster_id, fence=held.fence, until__gt=now",
                "cluster=held.cluster_id, until__gt=now",
            ),
        ),
        (f"{LIVENESS}::test_C2_a_worker_whose_lease_was_taken_writes_nothing",),
    ),
    Bug(
        "take a lease that another worker holds",
        (
            Change(
                "ipamweb/sync/lease.py",
                "Q(until=None) | Q(until__lte=now)",
                "Q(until=None) | Q(until__gt=now)",
            ),
        ),
        (
            f"{LIVENESS}"
            "::test_C2_a_second_worker_asks_nothing_while_the_first_holds_the_lease",
        ),
    ),
    Bug(
        "ignore whose cluster answers",
        (
            Change(
                "ipamweb/sync/poll.py",
                "        if pinned and found != pinned:\n",
                "        if not found:\n",
            ),
        ),
        (f"{RELEASES}::test_R8_another_cluster_behind_the_address_changes_nothing",),
    ),
    Bug(
        "count a list that was refused as a success",
        (
            Change(
                "ipamweb/sync/poll.py",
                "        if kind not in detected.OPTIONAL_KINDS:\n",
                "        if not kind:\n",
            ),
        ),
        (f"{RELEASES}::test_R2_a_refusal_at_any_page_closes_nothing",),
    ),
    Bug(
        "open no gap when a poll failed",
        (
            Change(
                "ipamweb/sync/outcome.py",
                "    open_gap(cluster, reason=cluster.last_error_kind, message=message,"
                " now=now)\n",
                "",
            ),
        ),
        (f"{HISTORY}::test_H8_a_failure_opens_a_gap_where_our_data_ends",),
    ),
    Bug(
        "open no gap where the stream was lost",
        (
            Change(
                "ipamweb/sync/poll.py",
                "            except Expired as error:\n"
                "                self._open_gap(error)\n",
                "            except Expired:\n",
            ),
        ),
        (f"{HISTORY}::test_H8_a_stream_that_was_lost_is_a_gap_that_a_list_ended",),
    ),
    Bug(
        "let as_of go back",
        (
            Change(
                "ipamweb/sync/poll.py",
                "max(as_of, cluster.as_of) if cluster.as_of else as_of",
                "as_of",
            ),
            Change(
                "ipamweb/sync/gather.py",
                "    asked = max(asked, previous) if previous else asked\n",
                "",
            ),
        ),
        (f"{ORDER}::test_O5_as_of_never_goes_back",),
    ),
    Bug(
        "never list again what a watch may have swallowed",
        (
            Change(
                "ipamweb/sync/poll.py",
                "                or now - cursor.listed_at >= self.pace.audit\n",
                "",
            ),
        ),
        (f"{LIVENESS}::test_L4_a_deletion_that_no_watch_tells_is_found_by_the_audit",),
    ),
    Bug(
        "ignore Retry-After",
        (
            Change(
                "ipamweb/sync/outcome.py",
                'asked = getattr(error, "retry_after", None) or 0.0',
                "asked = 0.0",
            ),
        ),
        (f"{LIVENESS}::test_L2_a_pause_the_server_asks_for_is_kept",),
    ),
    Bug(
        "list because of a 429",
        (
            Change(
                "ipamweb/sync/poll.py",
                "            except Expired as error:\n",
                "            except ClusterError as error:\n",
            ),
        ),
        (f"{LIVENESS}::test_L2_a_429_never_leads_to_a_list",),
    ),
    Bug(
        "count an address once for each of its owners",
        (
            Change(
                "ipamweb/sync/history.py",
                "counts = row[3] not in taken",
                "counts = True",
            ),
        ),
        (f"{HISTORY}::test_H4_two_owners_of_an_address_are_both_recorded",),
    ),
    Bug(
        "let nobody count when the owner that counted goes",
        (
            Change(
                "ipamweb/sync/history.py",
                "        self._let_others_count(counted)\n",
                "",
            ),
        ),
        (f"{HISTORY}::test_H4_when_one_owner_goes_the_other_counts",),
    ),
    Bug(
        "overwrite the address of an allocation",
        (
            Change(
                "ipamweb/sync/apply.py",
                "        closings = [each for outcome in outcomes"
                " for each in outcome.closings]\n",
                "        for each in outcomes:\n"
                "            pairs = zip(each.closings[:], each.openings[:])\n"
                "            for closing, opening in pairs:\n"
                "                row = Allocation.objects.filter("
                "pk=closing.allocation.id)\n"
                "                row.update(address=opening.address)\n"
                "                each.closings.remove(closing)\n"
                "                each.openings.remove(opening)\n"
                "        closings = [each for outcome in outcomes"
                " for each in outcome.closings]\n",
            ),
        ),
        (
            "tests/sync/test_poll_pods.py"
            "::test_another_address_of_the_same_family_ends_the_first",
        ),
    ),
    Bug(
        "forget that a poll was cut off",
        (
            Change(
                "ipamweb/sync/poll.py",
                "tally.did_anything or self.held.was_left",
                "tally.did_anything",
            ),
        ),
        (
            "tests/sync/test_lease.py"
            "::test_C1_what_was_written_before_a_cut_gets_its_generation",
        ),
    ),
)
