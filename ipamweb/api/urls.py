"""The REST paths, one line each."""

from django.urls import path

from ipamweb.api.views import (
    addresses,
    allocations,
    audit,
    blocks,
    clusters,
    export_jobs,
    exports,
    findings,
    ip_hours,
    maps,
    mirroring,
    namespaces,
    nodes,
    pods,
    pools,
    saved_views,
    schema,
    team_changes,
    teams,
    tokens,
    unknown,
    usage,
    users,
    webhooks,
)
from ipamweb.exports.columns import WHATS

app_name = "api"

C = "clusters/<str:cluster>/"
# By name of a list: what answers all of it, as its export does.
WHOLE = {what: exports.whole(what) for what in WHATS}

# fmt: off
urlpatterns = [
    path("clusters/", clusters.Clusters.as_view(), name="clusters"),
    path(C, clusters.Cluster.as_view(), name="cluster"),
    path(C + "pools/", pools.Pools.as_view(whole=WHOLE["pools"]), name="pools"),
    path(C + "pools/<str:slug>/", pools.Pool.as_view(), name="pool"),
    path(C + "pools/<str:slug>/blocks.bin", maps.PoolBlocks.as_view(), name="pool-blocks"),  # noqa: E501
    path(C + "cells/<str:address>/<str:length>/", maps.Cells.as_view(), name="cells"),
    path(C + "children/<str:address>/<str:length>/", maps.Children.as_view(), name="children"),  # noqa: E501
    path(C + "mask/<str:address>/<str:length>/", maps.FilterMask.as_view(), name="mask"),  # noqa: E501
    path(C + "windows/<str:address>/<str:length>/", maps.Windows.as_view(), name="windows"),  # noqa: E501
    path(C + "nodes/", nodes.Nodes.as_view(whole=WHOLE["nodes"]), name="nodes"),
    path(C + "nodes/<str:node>/", nodes.Node.as_view(), name="node"),
    path(C + "blocks/", blocks.Blocks.as_view(whole=WHOLE["blocks"]), name="blocks"),
    path(C + "pods/", pods.Pods.as_view(), name="pods"),
    path(C + "pods/<str:uid>/", pods.Pod.as_view(), name="pod"),
    path(C + "namespaces/", namespaces.Namespaces.as_view(), name="namespaces"),
    path(C + "namespaces/<str:namespace>/", namespaces.Namespace.as_view(), name="namespace"),  # noqa: E501
    path(C + "allocations/", allocations.Allocations.as_view(whole=WHOLE["allocations"]), name="allocations"),  # noqa: E501
    path(C + "addresses/<str:address>/", addresses.Address.as_view(), name="address"),
    path(C + "problems/", mirroring.Problems.as_view(), name="problems"),
    path(C + "gaps/", mirroring.Gaps.as_view(), name="gaps"),
    path(C + "runs/", mirroring.Runs.as_view(), name="runs"),
    path(C + "reservations/", mirroring.Reservations.as_view(), name="reservations"),
    path("addresses/<str:address>/", addresses.AddressEverywhere.as_view(), name="address-everywhere"),  # noqa: E501
    path("audit/", audit.Audit.as_view(whole=WHOLE["audit"]), name="audit"),
    path("ip-hours/", ip_hours.InMonth.as_view(), name="ip-hours"),
    path("export/ip-hours.csv", ip_hours.InMonthCsv.as_view(), name="ip-hours-csv"),
    path("export/allocations.<str:ending>", exports.ExportAllocations.as_view(), name="export-allocations"),  # noqa: E501
    path("export/nodes.<str:ending>", exports.ExportNodes.as_view(), name="export-nodes"),  # noqa: E501
    path("export/pools.<str:ending>", exports.ExportPools.as_view(), name="export-pools"),  # noqa: E501
    path("export/blocks.<str:ending>", exports.ExportBlocks.as_view(), name="export-blocks"),  # noqa: E501
    path("export/findings.<str:ending>", exports.ExportFindings.as_view(), name="export-findings"),  # noqa: E501
    path("export/usage.<str:ending>", exports.ExportUsage.as_view(), name="export-usage"),  # noqa: E501
    path("export/audit.<str:ending>", exports.ExportAudit.as_view(), name="export-audit"),  # noqa: E501
    path("exports/", export_jobs.Exports.as_view(), name="exports"),
    path("exports/<str:number>/", export_jobs.Export.as_view(), name="export"),
    path("exports/<str:number>/file", export_jobs.ExportFile.as_view(), name="export-file"),  # noqa: E501
    path("findings/", findings.Findings.as_view(whole=WHOLE["findings"]), name="findings"),  # noqa: E501
    path("findings/<str:number>/", findings.Finding.as_view(), name="finding"),
    path("findings/<str:number>/acknowledge", findings.Acknowledgement.as_view(), name="acknowledge"),  # noqa: E501
    path("usage/", usage.Usage.as_view(whole=WHOLE["usage"]), name="usage"),
    path("teams/", teams.Teams.as_view(), name="teams"),
    path("teams/<str:team>/", teams.Team.as_view(), name="team"),
    path("teams/<str:team>/members/<str:username>", team_changes.Member.as_view(), name="member"),  # noqa: E501
    path("teams/<str:team>/rules", team_changes.Rules.as_view(), name="rules"),
    path("teams/<str:team>/rules/<str:number>", team_changes.Rule.as_view(), name="rule"),  # noqa: E501
    path("views/", saved_views.Views.as_view(), name="views"),
    path("views/<str:number>/", saved_views.View.as_view(), name="view"),
    path("webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<str:number>/", webhooks.Webhook.as_view(), name="webhook"),
    path("webhooks/<str:number>/deliveries/", webhooks.Deliveries.as_view(), name="webhook-deliveries"),  # noqa: E501
    path("webhooks/<str:number>/test", webhooks.Test.as_view(), name="webhook-test"),
    path("webhooks/<str:number>/rotate", webhooks.Rotation.as_view(), name="webhook-rotate"),  # noqa: E501
    path("tokens/", tokens.Tokens.as_view(), name="tokens"),
    path("tokens/<str:key>/", tokens.Token.as_view(), name="token"),
    path("users/", users.Users.as_view(), name="users"),
    path("users/<str:username>/", users.User.as_view(), name="user"),
    path("schema", schema.Schema.as_view(), name="schema"),
    path("docs", schema.docs, name="docs"),
    path("<path:path>", unknown.Unknown.as_view(), name="unknown"),
    path("", unknown.Unknown.as_view(), {"path": ""}, name="root"),
]
# fmt: on
