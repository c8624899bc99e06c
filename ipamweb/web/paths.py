"""Where links lead. Names come from clusters: one that cannot stand in a path leads to
the find box, so that no list breaks by one broken object.
"""

from urllib.parse import urlencode

from django.urls import reverse

# A browser takes these out of a path; reverse() knows no path for "" and for slashes.
NO_PATH = {"", ".", ".."}


def path_to(route: str, *names: str) -> str:
    """Return the path of a page: ("node", "eu", "a") -> /clusters/eu/nodes/a/."""
    if any(name in NO_PATH or "/" in name or "\n" in name for name in names):
        return f"{reverse('search')}?{urlencode({'q': '/'.join(names[1:])})}"
    return reverse(route, args=names)
