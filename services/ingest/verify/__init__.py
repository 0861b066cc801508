"""Verification: credentials as bytes in, separate answers out (`services.core.trust`).

`documents` reads what was sent, `pictures` finds the credential in an image, `proofs` and `tokens` check signatures,
`keys` finds out whose key signed, `statuses` whether the issuer took it back, `verifier` puts the answers together.
Nothing is fetched but through the `Fetch` that is handed in, and JSON-LD contexts never.
"""
