"""How large a number of addresses is, in words: digits, or powers of two in IPv6."""

THIN_SPACE = "\u202f"
# Above 2^20 an IPv6 size is a power of two, not a row of digits; IPv4 ends at 2^32.
LARGEST_PLAIN = {4: 1 << 32, 6: 1 << 20}
# How far from a power of two a size is still told as "2^64 − 44".
NEAR_POWER = 1 << 20


def count(number: int) -> str:
    """Return whole numbers in groups of three: 152318 -> 152 318."""
    return f"{number:,}".replace(",", THIN_SPACE)


def addresses(number: int, family: int) -> str:
    """Return a number of addresses; in IPv6 above 2^20 as a power of two.

    (256, 6) -> 256, (2^64, 6) -> 2^64, (2^64 - 65536, 6) -> 2^64 − 65 536,
    (5 * 2^70, 6) -> ≈ 5.9 × 10^21. IPv4 is told in digits: (2^24, 4) -> 16 777 216.
    """
    if number <= LARGEST_PLAIN[family]:
        return count(number)
    exponent = (number - 1).bit_length()
    below = (1 << exponent) - number
    above = number - (1 << exponent - 1)
    if below > NEAR_POWER and below & (below - 1) == 0:
        return f"2^{exponent} − 2^{below.bit_length() - 1}"
    if below <= NEAR_POWER:
        return f"2^{exponent}" + (f" − {count(below)}" if below else "")
    if above <= NEAR_POWER:
        return f"2^{exponent - 1} + {count(above)}"
    return magnitude(number)


def magnitude(number: int) -> str:
    """Return how large a number is: 2^64 -> ≈ 1.8 × 10^19. Small ones in digits."""
    if number <= 1 << 32:
        return count(number)
    mantissa, exponent = f"{number:.1e}".split("e+")
    return f"≈ {mantissa} × 10^{int(exponent)}"
