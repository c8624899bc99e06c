"""How often Python looks for cycles in a process that polls: seldom.

A complete list makes millions of objects, none of them part of a cycle, and looking for
one after every few hundred cost a tenth of a first poll.
"""

import gc

# So many more objects than before make Python look; a page of 500 pods is some 10,000.
OBJECTS = 100_000


def look_seldom() -> None:
    """Set it for the whole process; calling it again changes nothing."""
    gc.set_threshold(OBJECTS)
