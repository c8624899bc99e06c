"""Mistakes in reading a cluster: what is believed, and what is dropped."""

from tests.faults.seeded_bugs.bug import Bug, Change

CLUSTER = "tests/cluster"
SYNC = "tests/sync"

BUGS = (
    Bug(
        "treat 403 as empty",
        (
            Change(
                "ipamweb/cluster/pages.py",
                "from ipamweb.cluster.errors import BadAnswer\n",
                "from ipamweb.cluster.errors import BadAnswer, NotAllowed\n",
            ),
            Change(
                "ipamweb/cluster/pages.py",
                "        body = session.ask(question)\n",
                "        try:\n"
                "            body = session.ask(question)\n"
                "        except NotAllowed:\n"
                '            empty = \'{"kind":"%s","items":[],'
                '"metadata":{"resourceVersion":"9"}}\'\n'
                "            body = (empty % kind.list_name).encode()\n",
            ),
        ),
        (
            f"{SYNC}/test_poll_releases.py::test_R2_a_refusal_at_any_page_closes_nothing",
        ),
    ),
    Bug(
        "use the token of a 410",
        (
            Change(
                "ipamweb/cluster/access.py",
                "from dataclasses import dataclass, field\n",
                "from dataclasses import dataclass, field, replace\n",
            ),
            Change(
                "ipamweb/cluster/access.py",
                "        check(answer, cluster=self.name, question=question)\n"
                "        return answer.body\n",
                "        if answer.status == 410 and b'\"continue\":' in answer.body:\n"
                "            rest = answer.body.split(b'\"continue\":')[1]\n"
                "            token = rest.split(b'\"')[1].decode()\n"
                "            query = {**question.query, 'continue': token}\n"
                "            return self.ask(replace(question, query=query))\n"
                "        check(answer, cluster=self.name, question=question)\n"
                "        return answer.body\n",
            ),
        ),
        (
            f"{CLUSTER}/test_reading_faults.py"
            "::test_R3_the_token_of_a_410_is_never_used",
        ),
    ),
    Bug(
        "believe resourceVersion 0",
        (
            Change(
                "ipamweb/cluster/pages.py",
                'query = {"limit": str(limit),',
                'query = {"resourceVersion": "0", "limit": str(limit),',
            ),
        ),
        (f"{CLUSTER}/test_reading_list.py::test_O6_a_list_never_names_a_version",),
    ),
    Bug(
        "let pages of two versions make one list",
        (
            Change(
                "ipamweb/cluster/pages.py",
                "if self._version and version != self._version:",
                "if not version:",
            ),
        ),
        (
            f"{CLUSTER}/test_reading_faults.py"
            "::test_R1_a_page_of_another_version_is_refused",
        ),
    ),
    Bug(
        "accept a page whose gzip data is cut",
        (
            Change(
                "ipamweb/cluster/connections.py",
                "if not unpacker.eof:",
                "if not body:",
            ),
        ),
        (f"{CLUSTER}/test_reading_faults.py::test_R4_a_cut_page_never_counts",),
    ),
    Bug(
        "move the cursor over a watch that was quiet",
        (
            Change(
                "ipamweb/cluster/watching.py",
                "        str(changes.version),\n        head.asked_at,",
                "        str(head.version),\n        head.asked_at,",
            ),
        ),
        (
            f"{CLUSTER}/test_reading_drain.py"
            "::test_O3_a_quiet_watch_does_not_move_the_cursor",
        ),
    ),
    Bug(
        "take a watch that the server ends at once for no changes",
        (
            Change(
                "ipamweb/cluster/watching.py",
                "    if not has_come:\n",
                "    if has_come is None:\n",
            ),
        ),
        (
            f"{CLUSTER}/test_reading_drain.py"
            "::test_L2_a_watch_that_the_server_ends_without_data_has_failed",
        ),
    ),
    Bug(
        "go on although the versions went back",
        (
            Change(
                "ipamweb/cluster/watching.py",
                "if head.version < known:",
                "if head.version < 0:",
            ),
        ),
        (
            f"{CLUSTER}/test_reading_drain.py"
            "::test_O4_a_cluster_behind_the_cursor_has_gone_back",
        ),
    ),
    Bug(
        "drop a page with a malformed object",
        (
            Change(
                "ipamweb/cluster/decoding.py",
                "return head.metadata, _decode_each(head.items or [], kind)",
                "return head.metadata, Decoded()",
            ),
        ),
        (
            f"{CLUSTER}/test_reading_list.py"
            "::test_a_malformed_object_spoils_only_itself",
        ),
    ),
    Bug(
        "drop the second of a pod's addresses",
        (
            Change(
                "ipamweb/cluster/readers/places.py",
                "texts = [each.ip for each in status.pod_ips]",
                "texts = [each.ip for each in status.pod_ips][:1]",
            ),
        ),
        (
            f"{CLUSTER}/readers/test_places.py"
            "::test_a_dual_stack_pod_has_both_addresses",
        ),
    ),
    Bug(
        "key pods by name",
        (
            Change(
                "ipamweb/cluster/readers/places.py",
                "        records.Pod(\n            metadata.uid,\n",
                "        records.Pod(\n"
                '            f"{metadata.namespace}/{metadata.name}",\n',
            ),
            Change(
                "ipamweb/sync/gather.py",
                "    uid: str = event.object.metadata.uid",
                "    named = event.object.metadata\n"
                '    uid = f"{named.namespace}/{named.name}"',
            ),
        ),
        (
            f"{SYNC}/test_poll_history.py::test_H1_a_pod_made_again_unseen_is_another_pod",
        ),
    ),
    Bug(
        "count the addresses of hostNetwork pods",
        (
            Change(
                "ipamweb/addressing/records.py",
                "return not self.host_network and self.phase",
                "return self.phase",
            ),
        ),
        (f"{SYNC}/test_plan.py::test_H6_a_pod_on_the_host_network_opens_none",),
    ),
)
