"""Dyadic bins of time: what was open at an instant, by a few dozen equality probes.

An interval belongs to the smallest bin that holds it whole, as genome browsers bin
intervals (Kent et al. 2002, "The Human Genome Browser at UCSC", the binning scheme).
"""

from datetime import UTC, datetime

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
# The smallest bin is 2^9 s (8.5 minutes), the largest 2^33 s (272 years).
SMALLEST_SHIFT = 9
LARGEST_SHIFT = 33
_LEVEL_STRIDE = 1 << 40


def _seconds(moment: datetime) -> int:
    return max(0, int((moment - EPOCH).total_seconds()))


def time_bin(first: datetime, last: datetime) -> int:
    """Return the smallest bin that holds both ends, as one integer."""
    low, high = _seconds(first), _seconds(last)
    shift = max(SMALLEST_SHIFT, (low ^ high).bit_length())
    return shift * _LEVEL_STRIDE + (low >> shift)


def bins_at(moment: datetime) -> list[int]:
    """Return the 25 bins in which an interval that holds the moment can be."""
    seconds = _seconds(moment)
    return [
        shift * _LEVEL_STRIDE + (seconds >> shift)
        for shift in range(SMALLEST_SHIFT, LARGEST_SHIFT + 1)
    ]


def bins_between(first: datetime, last: datetime) -> list[tuple[int, int]]:
    """Return the 25 runs of bins, ends included, in which an interval that meets a
    window of time can be."""
    low, high = _seconds(first), _seconds(last)
    return [
        (
            shift * _LEVEL_STRIDE + (low >> shift),
            shift * _LEVEL_STRIDE + (high >> shift),
        )
        for shift in range(SMALLEST_SHIFT, LARGEST_SHIFT + 1)
    ]
