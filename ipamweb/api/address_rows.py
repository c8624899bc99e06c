"""What REST shows of an address: who holds and held it, a sentence why nobody does."""

from typing import Any

from ipamweb.addressing.ranges import family_of, format_address
from ipamweb.exports import rows
from ipamweb.exports.rows import Json
from ipamweb.mirror.holders import Answer
from ipamweb.mirror.queries.addresses import AddressAnswer
from ipamweb.mirror.queries.clusters import ClusterRow

WHY_NOBODY = {
    "not-read": "This cluster was never read: nobody can tell.",
    "free": "It is free: it lies in a block of {node}, and nobody holds it.",
    "reserved-by-rule": "The allocator never hands it out: {rule} sets it aside.",
    "reserved": "It is reserved: {why}.",
    "no-block": "It lies in the pool {pool}, in no block that a node has.",
    "outside-all-pools": "It lies outside all pools of this cluster.",
}


def address(
    answer: AddressAnswer,
    *,
    history_next: str | None,
    history_previous: str | None = None,
) -> Json:
    of = answer.cluster
    return {
        "cluster": of.slug,
        "address": format_address(answer.address),
        "family": family_of(answer.address),
        "pool": _pool(answer),
        "block": str(answer.block.range) if answer.block else None,
        "node": answer.block.node if answer.block else "",
        "holders": [rows.allocation(each, of) for each in answer.holders],
        "why_nobody": _why_nobody(answer),
        "at": _at(answer.asked, of) if answer.asked else None,
        "history": [rows.allocation(each, of) for each in answer.history.rows],
        "history_next": history_next,
        "history_previous": history_previous,
        "gaps": [rows.gap(each, of) for each in answer.gaps],
    }


def _pool(answer: AddressAnswer) -> Json | None:
    if answer.pool is None:
        return None
    return {"slug": answer.pool.slug, "range": str(answer.pool_range)}


def _why_nobody(answer: AddressAnswer) -> Json | None:
    if not answer.why_nobody:
        return None
    message = WHY_NOBODY[answer.why_nobody].format(
        node=(answer.block and answer.block.node) or "no node",
        rule=answer.block.capacity_rule if answer.block else "",
        why=answer.reservation.why if answer.reservation else "",
        pool=answer.pool.slug if answer.pool else "",
    )
    return {"code": answer.why_nobody, "message": message}


def _at(answer: Answer[Any], of: ClusterRow) -> Json:
    return {
        "at": answer.at,
        "verdict": answer.verdict,
        "blind": answer.blind,
        "certain": [rows.allocation(each, of) for each in answer.certain],
        "possible": [rows.allocation(each, of) for each in answer.possible],
    }
