"""The rules, one module each: `RULE` says what it is, `find(facts)` yields what it
finds. Adding one: a module, its name here, two fixtures in tests/findings/rules.
"""

from ipamweb.findings.rules import (
    dual_stack_gap,
    duplicate_pod_address,
    endpoint_disagrees,
    flags_that_exclude,
    infra_collision,
    mask_without_room,
    max_pods_mismatch,
    mode_mismatch,
    node_cidr_is_pool,
    node_cidr_outside_pools,
    node_full,
    node_without_cidr,
    operator_error,
    orphan_node_cidr,
    overlapping_node_cidrs,
    overlapping_pools,
    pod_outside_node_cidrs,
    pool_exhausted,
    unsafe_pool_edit,
    wrong_node_mask,
)

MODULES = (
    node_without_cidr,
    overlapping_node_cidrs,
    orphan_node_cidr,
    node_cidr_outside_pools,
    wrong_node_mask,
    pod_outside_node_cidrs,
    duplicate_pod_address,
    infra_collision,
    node_full,
    pool_exhausted,
    operator_error,
    overlapping_pools,
    mode_mismatch,
    unsafe_pool_edit,
    endpoint_disagrees,
    dual_stack_gap,
    max_pods_mismatch,
    node_cidr_is_pool,
    mask_without_room,
    flags_that_exclude,
)
RULES = {module.RULE.id: module.RULE for module in MODULES}
