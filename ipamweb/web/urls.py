"""The pages, one line each."""

from django.contrib.auth import views as auth_views
from django.urls import path

from ipamweb.web.views import (
    account,
    addresses,
    administration,
    audit,
    clusters,
    doors,
    findings,
    live,
    maps,
    namespaces,
    new_cluster,
    nodes,
    plan,
    pods,
    pools,
    problems,
    search,
    single_sign_on,
    teams,
    wall,
)

C = "clusters/<slug:slug>/"
P = f"{C}pools/<slug:pool_slug>/"

urlpatterns = [
    path("", clusters.fleet, name="fleet"),
    path("search", search.find, name="search"),
    path("search/suggestions", search.suggestions, name="suggestions"),
    path("ip/<str:text>", addresses.everywhere, name="everywhere"),
    path("findings/", findings.finding_list, name="findings"),
    path("findings/<int:number>/", findings.finding, name="finding"),
    path("plan/", plan.address_plan, name="plan"),
    path("audit/", audit.audit_log, name="audit"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/<slug:team_slug>/", teams.team, name="team"),
    path("admin/teams/", administration.team_list, name="admin_teams"),
    path("admin/clusters/", new_cluster.new_cluster, name="admin_clusters"),
    path("admin/users/", administration.user_list, name="admin_users"),
    path("account/", account.account, name="account"),
    path("login/", doors.SignIn.as_view(), name="login"),
    path("login/oidc/", single_sign_on.leave, name="oidc"),
    path("login/oidc/callback/", single_sign_on.come_back, name="oidc_callback"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path(C, clusters.overview, name="cluster"),
    path(f"{C}live", live.changes, name="live"),
    path(f"{C}pools/", pools.pool_list, name="pools"),
    path(P, pools.pool, name="pool"),
    path(f"{P}map/<str:address>/<int:length>", maps.level, name="map"),
    path(f"{P}map/<str:address>/<int:length>/panel", maps.panel, name="map_panel"),
    path(f"{C}nodes/", nodes.node_list, name="nodes"),
    path(f"{C}wall", wall.names, name="wall"),
    path(f"{C}nodes/<str:name>/", nodes.node, name="node"),
    path(f"{C}pods/<str:namespace>/<str:name>/", pods.pod, name="pod"),
    path(f"{C}pod/<str:uid>/", pods.pod_of_uid, name="pod_of_uid"),
    path(f"{C}ns/", namespaces.namespace_list, name="namespaces"),
    path(f"{C}ns/<str:name>/", namespaces.namespace, name="namespace"),
    path(f"{C}ip/<str:text>", addresses.address, name="address"),
    path(f"{C}problems/", problems.problem_list, name="problems"),
]
