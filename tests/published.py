"""What is public: commands, pages and REST paths, with an example of each in the cast.

A name that is taken away or changed breaks somebody: it needs a CHANGELOG line. A page
or path that is added stands here too, and is then held by the tests that use this list.
"""

COMMANDS = (
    "accept_release", "add_cluster", "clusters", "create_team", "create_token",
    "create_user", "edit_cluster", "export", "pause_cluster", "poll", "prune",
    "remove_cluster", "rotate_keys", "resume_cluster", "simulate", "status", "up",
    "verify_audit", "verify_mirror",
)  # fmt: skip

POD_UID = "00000000-0000-4000-8000-000000000401"

# By the name of the route.
PAGES = {
    "fleet": "/",
    "cluster": "/clusters/prod-eu/",
    "pools": "/clusters/prod-eu/pools/",
    "pool": "/clusters/prod-eu/pools/cilium-cluster-pool-v4/",
    "map": "/clusters/prod-eu/pools/cilium-cluster-pool-v4/map/10.0.0.0/20",
    "map_panel": (
        "/clusters/prod-eu/pools/cilium-cluster-pool-v4/map/10.0.0.0/24/panel"
    ),
    "nodes": "/clusters/prod-eu/nodes/",
    "node": "/clusters/prod-eu/nodes/worker-a/",
    "pod": "/clusters/prod-eu/pods/default/web-01/",
    "pod_of_uid": f"/clusters/prod-eu/pod/{POD_UID}/",
    "allocations": "/clusters/prod-eu/allocations/",
    "namespaces": "/clusters/prod-eu/ns/",
    "namespace": "/clusters/prod-eu/ns/shop/",
    "address": "/clusters/prod-eu/ip/10.0.0.39",
    "problems": "/clusters/prod-eu/problems/",
    "everywhere": "/ip/10.0.0.39",
    "plan": "/plan/",
    "findings": "/findings/",
    "finding": "/findings/1/",
    "search": "/search?q=web",
    "audit": "/audit/",
    "admin_clusters": "/admin/clusters/",
    "teams": "/teams/",
    "team": "/teams/platform/",
    "admin_teams": "/admin/teams/",
    "admin_users": "/admin/users/",
    "admin_webhooks": "/admin/webhooks/",
    "admin_webhook": "/admin/webhooks/1/",
    "account": "/account/",
    "saved_views": "/account/views/",
}
# What scripts of pages ask for: no pages.
ANSWERS = {
    "wall": "/clusters/prod-eu/wall",
    "suggestions": "/search/suggestions?q=web",
    "finding_news": "/findings/news?state=all",
}
# Without a cluster behind them.
DOORS = {
    "login": "/login/",
    "logout": "/logout/",
    "oidc": "/login/oidc/",
    "oidc_callback": "/login/oidc/callback/",
    "live": "/healthz/live",
    "ready": "/healthz/ready",
}
# Without a session: by a token, or from a network that is allowed.
SCRAPED = {"metrics": "/metrics"}
REST = (
    "/api/v1/clusters/",
    "/api/v1/clusters/prod-eu/",
    "/api/v1/clusters/prod-eu/pools/",
    "/api/v1/clusters/prod-eu/pools/cilium-cluster-pool-v4/",
    "/api/v1/clusters/prod-eu/nodes/",
    "/api/v1/clusters/prod-eu/nodes/worker-a/",
    "/api/v1/clusters/prod-eu/blocks/",
    "/api/v1/clusters/prod-eu/pods/",
    f"/api/v1/clusters/prod-eu/pods/{POD_UID}/",
    "/api/v1/clusters/prod-eu/problems/",
    "/api/v1/clusters/prod-eu/gaps/",
    "/api/v1/clusters/prod-eu/runs/",
    "/api/v1/clusters/prod-eu/allocations/",
    "/api/v1/clusters/prod-eu/addresses/10.0.0.39/",
    "/api/v1/addresses/10.0.0.39/",
    "/api/v1/audit/",
    "/api/v1/ip-hours/",
    "/api/v1/teams/",
    "/api/v1/teams/platform/",
    "/api/v1/findings/",
    "/api/v1/findings/1/",
    "/api/v1/tokens/",
    "/api/v1/users/",
    "/api/v1/users/ada/",
    "/api/v1/usage/",
    "/api/v1/views/",
    "/api/v1/webhooks/",
    "/api/v1/webhooks/1/",
    "/api/v1/webhooks/1/deliveries/",
    "/api/v1/schema",
    "/api/v1/docs",
)
