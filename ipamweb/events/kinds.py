"""What can be told and how, by the names that are sent. They are public:
docs/events.md."""

CONFIRMED = "finding.confirmed"
RESOLVED = "finding.resolved"
POOL = "pool.threshold"
NODE = "node.threshold"
STALE = "cluster.stale"
RECOVERED = "cluster.recovered"
# Sent by a person, to see whether it arrives; nobody subscribes to it.
TEST = "test"

KINDS = {
    CONFIRMED: "a finding is confirmed",
    RESOLVED: "a finding is resolved",
    POOL: "a pool crosses 75 or 90 %",
    NODE: "a node crosses 75 or 90 %",
    STALE: "a cluster is not seen any more",
    RECOVERED: "a cluster is seen again",
}

# How an event is worded: as Standard Webhooks, for Slack, as a mail.
STANDARD, SLACK, MAIL = "standard", "slack", "mail"
TEMPLATES = (STANDARD, SLACK, MAIL)

# Of a webhook; `disabled` is what failing for too long leads to.
ACTIVE, PAUSED, DISABLED = "active", "paused", "disabled"
# Of a delivery; `dead` is not tried again.
DELIVERY_STATES = WAITING, DELIVERED, DEAD = ("waiting", "delivered", "dead")
