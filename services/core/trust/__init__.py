"""Trust: separate answers about a credential, and the tier that rules and pages go by. No overall score.

Deciding is here and pure; cryptography and documents are in `services.ingest.verify`.
"""

from services.core.trust.answers import Answer, Answers, no, tier_of, unknown, yes

__all__ = ["Answer", "Answers", "no", "tier_of", "unknown", "yes"]
