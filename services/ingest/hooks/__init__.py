"""Webhooks: what platforms post by themselves, with a signature or a mere name instead of an API key.

`declared` reads which hooks there are, `standard`, `signed` and `claims` check what comes by each kind, `opening` puts
them together, and hooks_routes.py takes what was found good as any other payload of its dialect.
"""
