"""What an achievement means to who has to decide by it: a checklist, where it counts, and what kind it is.

Everything here is pure: the catalog, and what others vouch for, are passed in. Nothing is weighed into one number; each
question has an answer of its own, with who gave it and who confirmed it.
"""

from __future__ import annotations

from services.core.meaning.checklist import Item, checklist
from services.core.meaning.classes import CLASSES, Classes, Facets, Wanted, classes_of, facets, matching
from services.core.meaning.questions import QUESTIONS, Question
from services.core.meaning.recognition import Recognised, recognised
from services.core.meaning.report import MOST_COMPARED, MeaningOf, compared, meaning_of
from services.core.meaning.vouchers import Voucher

__all__ = [
    "CLASSES",
    "MOST_COMPARED",
    "QUESTIONS",
    "Classes",
    "Facets",
    "Item",
    "MeaningOf",
    "Question",
    "Recognised",
    "Voucher",
    "Wanted",
    "checklist",
    "classes_of",
    "compared",
    "facets",
    "matching",
    "meaning_of",
    "recognised",
]
