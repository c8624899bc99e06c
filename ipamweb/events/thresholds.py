"""How full is full: levels that are reached at a share and left below it. Pure."""

# Per cent, the lowest first; what hovers around one is told once.
LEVELS = (75, 90)
HYSTERESIS = 5


def level_after(used: int, total: int, *, before: int) -> int:
    """Return the level of what uses so much of a total: 0, 75 or 90.

    Reached at 75 %, left below 70 %; reached at 90 %, left below 85 %. Of 100, from
    level 75: 90 leads to 90, 70 keeps 75, 69 leads to 0. Nothing is full of nothing.
    """
    if total <= 0:
        return 0
    return max(
        (
            level
            for level in LEVELS
            if 100 * used >= (level - (HYSTERESIS if level <= before else 0)) * total
        ),
        default=0,
    )
