"""What looks wrong: rules over the mirror, and the life of what they find.

The only writer of findings. Not here: what could not be read at all (the mirror's
problems), and any change in a cluster: a person acts, not this program.
"""
