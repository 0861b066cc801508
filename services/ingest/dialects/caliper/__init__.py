"""Caliper Analytics 1.1 and 1.2: what sensors of LMSs, assessment tools and readers send.

`vocabulary`, `entities` and `events` are the standard's tables, `shapes` checks a payload against them, `meaning`
says which event is a learning record, `envelope` what an envelope must have. Source: 1EdTech Caliper Analytics 1.2,
https://www.imsglobal.org/spec/caliper/v1p2.
"""
