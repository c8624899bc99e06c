"""What the program promises about speed, measured beside what the work costs at least.

A floor is the same work done by the drivers alone, in the same run on the same machine;
docs/performance.md says what is promised and why so. Nothing here is part of the
program.
"""
