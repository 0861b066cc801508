"""The reckoning: what must come out, from the raw deliveries and the catalog's files alone.

Plain on purpose: sort, dict, set and brute force, none of `services`. Where it and the system differ, one is wrong.
"""
