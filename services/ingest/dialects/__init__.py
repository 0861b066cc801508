"""Dialects: what LMSs and issuers really send, translated once, at the border, into learning records.

A dialect is pure: payload in, records out, `Rejected` where the payload is at fault, and nothing else is ever raised.
Translating the same payload twice gives the same ids.
"""
