"""Colours by the numbers: contrast (WCAG 2.2), how far apart two are (CIEDE2000), and
how somebody sees them who lacks a kind of cone (Machado 2009, full dichromacy).
"""

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Triple = tuple[float, float, float]

# Source: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of
# Color Vision Deficiency" (2009), severity 1.0, applied to the encoded values.
SEEN_BY = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopes": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopes": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopes": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# sRGB to XYZ, and the white of D65.
TO_XYZ = (
    (0.4123908, 0.3575843, 0.1804808),
    (0.2126390, 0.7151687, 0.0721923),
    (0.0193308, 0.1191948, 0.9505322),
)
WHITE = (0.95045593, 1.0, 1.08905775)


def channels(colour: str) -> Triple:
    """Return the encoded red, green and blue of "#rrggbb", each 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1. Source: WCAG 2.2."""
    red, green, blue = map(_linear, channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def distance(one: str, other: str, *, seen_by: str = "everybody") -> float:
    """Return the CIEDE2000 difference of two colours as somebody sees them."""
    return ciede2000(*(_lab(_seen(channels(each), seen_by)) for each in (one, other)))


def ciede2000(one: Triple, other: Triple) -> float:
    """Return the difference of two colours in CIELAB.

    Source: Sharma, Wu, Dalal, "The CIEDE2000 Color-Difference Formula" (2005).
    """
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = hypot(a1 * stretch, b1), hypot(a2 * stretch, b2)
    h1, h2 = _hue(a1 * stretch, b1), _hue(a2 * stretch, b2)
    turn, middle = _between(h1, h2, is_grey=not c1 * c2)
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    weight_l = 1 + 0.015 * (lightness - 50) ** 2 / sqrt(20 + (lightness - 50) ** 2)
    by_l = (l2 - l1) / weight_l
    by_c = (c2 - c1) / (1 + 0.045 * chroma)
    by_h = 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    by_h /= 1 + 0.015 * chroma * _waves(middle)
    cross = _rotation(middle, chroma) * by_c * by_h
    return sqrt(by_l**2 + by_c**2 + by_h**2 + cross)


def _seen(encoded: Triple, seen_by: str) -> Triple:
    red, green, blue = (
        min(
            1.0,
            max(0.0, sum(part * each for part, each in zip(row, encoded, strict=True))),
        )
        for row in SEEN_BY[seen_by]
    )
    return red, green, blue


def _lab(encoded: Triple) -> Triple:
    linear = [_linear(each) for each in encoded]
    x, y, z = (
        _root(sum(part * each for part, each in zip(row, linear, strict=True)) / white)
        for row, white in zip(TO_XYZ, WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _hue(a: float, b: float) -> float:
    return degrees(atan2(b, a)) % 360 if a or b else 0.0


def _between(one: float, other: float, *, is_grey: bool) -> tuple[float, float]:
    """Return the turn from one hue to the other, the short way, and the mean hue."""
    if is_grey:
        return 0.0, one + other
    turn = (other - one + 180) % 360 - 180
    return turn, (one + turn / 2) % 360


def _waves(hue: float) -> float:
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return 1 + sum(size * cos(radians(n * hue + by)) for size, n, by in terms)


def _rotation(hue: float, chroma: float) -> float:
    bend = 30 * exp(-(((hue - 275) / 25) ** 2))
    return -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin(radians(2 * bend))
