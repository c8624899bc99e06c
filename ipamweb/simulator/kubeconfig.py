"""A kubeconfig for the simulator, as kubectl and ipamweb read it."""

from pathlib import Path

_TEMPLATE = """\
apiVersion: v1
kind: Config
current-context: simulator
clusters:
- name: simulator
  cluster:
    server: {url}{ca}
users:
- name: {user}
  user:
    token: {token}
contexts:
- name: simulator
  context:
    cluster: simulator
    user: {user}
"""


def write_kubeconfig(
    path: Path, *, url: str, user: str, token: str, ca_file: Path | None = None
) -> Path:
    """Write the file, readable by its owner only, and return its path."""
    ca = f"\n    certificate-authority: {ca_file}" if ca_file else ""
    path.touch(mode=0o600)
    path.write_text(_TEMPLATE.format(url=url, ca=ca, user=user, token=token))
    return path
