"""Which class each nested object of a credential must say that it is of, checked wherever the object is.

A wrong class is more than a slip of the pen: to a JSON-LD processor the object is then something else, and what it says
is not said of the achievement. One that says no class is let pass below the members that carry the meaning.
Source: Open Badges 3.0, B.1 Data Models, https://www.imsglobal.org/spec/ob/v3p0/; CLR 2.0, B.1.
"""

from __future__ import annotations

from services.ingest.dialects.credentials.place import Place

_PROFILE = "Profile"
# Member -> the class of what it holds, and which members of that are looked at in turn.
_OF_PROFILE = {
    "parentOrg": _PROFILE,
    "otherIdentifier": "IdentifierEntry",
    "address": "Address",
    "image": "Image",
    "endorsement": "EndorsementCredential",
}
_OF_ACHIEVEMENT = {
    "creator": _PROFILE,
    "alignment": "Alignment",
    "image": "Image",
    "otherIdentifier": "IdentifierEntry",
    "related": "Related",
    "resultDescription": "ResultDescription",
    "endorsement": "EndorsementCredential",
}
_MEMBERS = {
    "Profile": _OF_PROFILE,
    "Achievement": _OF_ACHIEVEMENT,
    "Address": {"geo": "GeoCoordinates"},
    "ResultDescription": {"alignment": "Alignment", "rubricCriterionLevel": "RubricCriterionLevel"},
    "RubricCriterionLevel": {"alignment": "Alignment"},
    "Result": {"alignment": "Alignment"},
    "AchievementSubject": {
        "identifier": "IdentityObject",
        "result": "Result",
        "source": _PROFILE,
        "image": "Image",
    },
    "ClrSubject": {"identifier": "IdentityObject", "association": "Association"},
    "AchievementCredential": {
        "evidence": "Evidence",
        "endorsement": "EndorsementCredential",
        "image": "Image",
    },
    "ClrCredential": {"evidence": "Evidence", "endorsement": "EndorsementCredential", "image": "Image"},
}


def check_classes(place: Place, name: str) -> None:
    """Note a fault at the `type` of every object below this one, of class `name`, that says it is of another class."""
    for member, wanted in _MEMBERS.get(name, {}).items():
        for item in place.all_of(member):
            if not item.is_object:
                continue  # an id in place of the object
            if item.members.get("type") is None or item.must_be(wanted):
                check_classes(item, wanted)
