"""The demo: Stepwell as a user first meets it, on a made-up cohort, with every total checked.

`cohort` makes the input, `reckon` says from that input alone what must come out, `command` runs the system in between
and compares. The three share nothing but the deliveries themselves, so that a fault in one cannot hide in another.
"""
