"""Caliper's tables as data: which members an entity or event has, and what each may hold.

Apart from `shapes` so that the standard's author can read it beside the standard. A member is described by one text:

| text | holds |
|---|---|
| `text`, `number`, `integer`, `boolean`, `instant`, `duration`, `map`, `iri` | a value of that form |
| `Person`, `Attempt Response` | an entity of one of these types or of a subtype of one, or its IRI |
| `@Role` | a term of that list |
| `[...]` | an array of what stands within |

What a type inherits from its supertype is not repeated. Source: Caliper 1.2, appendices A (events), B (entities), C, D
and F (terms); what only 1.1 knows is kept. A few slots are wider than 1.2 says, because Canvas fills them otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Kind(NamedTuple):
    """A type of entity or event: its supertype, its own members, and which members it must have."""

    supertype: str | None
    members: Mapping[str, str]
    required: tuple[str, ...] = ()


_TIMES = {"startedAtTime": "instant", "endedAtTime": "instant"}
_TIMED = {**_TIMES, "duration": "duration"}
_ITEMS = {"itemLabels": "[text]", "itemValues": "[text]"}

ENTITIES: Mapping[str, Kind] = {
    "Entity": Kind(
        None,
        {
            "id": "iri",
            "name": "text",
            "description": "text",
            "dateCreated": "instant",
            "dateModified": "instant",
            "otherIdentifiers": "[SystemIdentifier]",
            "extensions": "map",
        },
        ("id",),
    ),
    "Agent": Kind("Entity", {}),
    "Person": Kind("Agent", {}),
    "SoftwareApplication": Kind("Agent", {"version": "text", "host": "text", "ipAddress": "text", "userAgent": "text"}),
    "Organization": Kind("Agent", {"subOrganizationOf": "Organization", "members": "[Agent]"}),
    "Group": Kind("Organization", {}),
    "CourseOffering": Kind("Organization", {"courseNumber": "text", "academicSession": "text"}),
    "CourseSection": Kind("CourseOffering", {"category": "text"}),
    "Membership": Kind(
        "Entity", {"member": "Person", "organization": "Organization", "roles": "[@Role]", "status": "@Status"}
    ),
    "DigitalResource": Kind(
        "Entity",
        {
            "creators": "[Agent]",
            "mediaType": "text",
            "keywords": "[text]",
            "learningObjectives": "[LearningObjective]",
            "isPartOf": "Entity",
            "datePublished": "instant",
            "version": "text",
            "storageName": "text",
        },
    ),
    "AssignableDigitalResource": Kind(
        "DigitalResource",
        {
            "dateToActivate": "instant",
            "dateToShow": "instant",
            "dateToStartOn": "instant",
            "dateToSubmit": "instant",
            "maxAttempts": "integer",
            "maxSubmits": "integer",
            "maxScore": "number",
        },
    ),
    "Assessment": Kind("AssignableDigitalResource", {"items": "[AssessmentItem]"}),
    "AssessmentItem": Kind("AssignableDigitalResource", {"isTimeDependent": "boolean"}),
    "LearningObjective": Kind("Entity", {}),
    "Chapter": Kind("DigitalResource", {}),
    "Document": Kind("DigitalResource", {}),
    "Page": Kind("DigitalResource", {}),
    "WebPage": Kind("DigitalResource", {}),
    "Frame": Kind("DigitalResource", {"index": "integer"}),
    "Link": Kind("DigitalResource", {}),
    "LtiLink": Kind("Link", {"messageType": "@LtiMessage"}),
    "MediaObject": Kind("DigitalResource", {"duration": "duration"}),
    "AudioObject": Kind(
        "MediaObject", {"muted": "boolean", "volumeLevel": "text", "volumeMax": "text", "volumeMin": "text"}
    ),
    "ImageObject": Kind("MediaObject", {}),
    "VideoObject": Kind(
        "MediaObject", {"muted": "boolean", "volumeLevel": "text", "volumeMax": "text", "volumeMin": "text"}
    ),
    "MediaLocation": Kind("DigitalResource", {"currentTime": "duration"}),
    "Collection": Kind("Entity", {"items": "[Entity]"}),
    "DigitalResourceCollection": Kind("DigitalResource", {"items": "[DigitalResource]"}),
    "Forum": Kind("DigitalResourceCollection", {"items": "[Thread]"}),
    "Thread": Kind("DigitalResourceCollection", {"items": "[Message]"}),
    "Message": Kind("DigitalResource", {"replyTo": "Message", "body": "text", "attachments": "[DigitalResource]"}),
    "Annotation": Kind("Entity", {"annotated": "DigitalResource", "annotator": "Person"}),
    "BookmarkAnnotation": Kind("Annotation", {"bookmarkNotes": "text"}),
    "HighlightAnnotation": Kind("Annotation", {"selection": "TextPositionSelector", "selectionText": "text"}),
    "SharedAnnotation": Kind("Annotation", {"withAgents": "[Agent]"}),
    "TagAnnotation": Kind("Annotation", {"tags": "[text]"}),
    "Attempt": Kind(
        "Entity",
        {"assignee": "Person", "assignable": "DigitalResource", "isPartOf": "Attempt", "count": "integer", **_TIMED},
    ),
    "Response": Kind("Entity", {"attempt": "Attempt", **_TIMED}),
    "DateTimeResponse": Kind("Response", {"dateTimeSelected": "instant"}),
    "FillinBlankResponse": Kind("Response", {"values": "[text]"}),
    "MultipleChoiceResponse": Kind("Response", {"value": "text"}),
    "MultipleResponseResponse": Kind("Response", {"values": "[text]"}),
    "MultiselectResponse": Kind("Response", {"selections": "[text]"}),
    "OpenEndedResponse": Kind("Response", {"value": "text"}),
    "RatingScaleResponse": Kind("Response", {"selections": "[text]"}),
    "SelectTextResponse": Kind("Response", {"values": "[text]"}),
    "TrueFalseResponse": Kind("Response", {"value": "text"}),
    "Result": Kind(
        "Entity",
        {
            "attempt": "Attempt",
            "maxResultScore": "number",
            "resultScore": "number",
            "normalScore": "number",
            "totalScore": "number",
            "scoredBy": "Agent",
            "comment": "text",
        },
    ),
    "Score": Kind(
        "Entity",
        {"attempt": "Attempt", "maxScore": "number", "scoreGiven": "number", "scoredBy": "Agent", "comment": "text"},
    ),
    "Session": Kind("Entity", {"user": "Person", "client": "SoftwareApplication", **_TIMED}),
    "LtiSession": Kind("Session", {"messageParameters": "map"}),
    "AggregateMeasure": Kind(
        "Entity",
        {"metric": "@Metric", "metricValue": "number", "maxMetricValue": "number", **_TIMES},
        ("metric", "metricValue"),
    ),
    "AggregateMeasureCollection": Kind("Collection", {"items": "[AggregateMeasure]"}),
    "Query": Kind("Entity", {"creator": "Person", "searchTarget": "Entity", "searchTerms": "text"}),
    "SearchResponse": Kind(
        "Entity",
        {
            "searchProvider": "SoftwareApplication",
            "searchTarget": "Entity",
            "query": "Query",
            "searchResultsItemCount": "integer",
        },
    ),
    "Question": Kind("DigitalResource", {"questionPosed": "text"}),
    "DateTimeQuestion": Kind(
        "Question", {"minDateTime": "instant", "maxDateTime": "instant", "minLabel": "text", "maxLabel": "text"}
    ),
    "MultiselectQuestion": Kind("Question", {"points": "integer", **_ITEMS}),
    "OpenEndedQuestion": Kind("Question", {}),
    "RatingScaleQuestion": Kind("Question", {"scale": "Scale"}),
    "Questionnaire": Kind("DigitalResourceCollection", {"items": "[QuestionnaireItem]"}),
    "QuestionnaireItem": Kind("DigitalResource", {"question": "Question", "categories": "[text]", "weight": "number"}),
    "Scale": Kind("Entity", {}),
    "LikertScale": Kind("Scale", {"scalePoints": "integer", **_ITEMS}),
    "MultiselectScale": Kind(
        "Scale",
        {
            "scalePoints": "integer",
            **_ITEMS,
            "isOrderedSelection": "boolean",
            "minSelections": "integer",
            "maxSelections": "integer",
        },
    ),
    "NumericScale": Kind(
        "Scale",
        {"minValue": "number", "minLabel": "text", "maxValue": "number", "maxLabel": "text", "step": "number"},
    ),
    "Rating": Kind(
        "Entity",
        {
            "rater": "Person",
            "rated": "Entity",
            "question": "Question",
            "selections": "[text]",
            "ratingComment": "Comment",
        },
    ),
    "Comment": Kind("Entity", {"commenter": "Person", "commentedOn": "Entity", "value": "text"}),
    "Survey": Kind("Collection", {"items": "[Questionnaire]"}),
    "SurveyInvitation": Kind(
        "DigitalResource", {"rater": "Person", "survey": "Survey", "sentCount": "integer", "dateSent": "instant"}
    ),
    # neither is an Entity: they have no id of their own
    "SystemIdentifier": Kind(
        None,
        {"identifier": "text", "identifierType": "@Identifier", "source": "SoftwareApplication", "extensions": "map"},
        ("identifier", "identifierType"),
    ),
    "TextPositionSelector": Kind(None, {"start": "integer", "end": "integer"}),
}

_MEDIA = (
    "ChangedResolution ChangedSize ChangedSpeed ChangedVolume ClosedPopout DisabledCloseCaptioning "
    "DisabledClosedCaptioning EnabledCloseCaptioning EnabledClosedCaptioning Ended EnteredFullScreen ExitedFullScreen "
    "ForwardedTo JumpedTo Muted OpenedPopout Paused Restarted Resumed Rewound Started Unmuted"
)

EVENTS: Mapping[str, Kind] = {
    "Event": Kind(
        None,
        {
            "id": "iri",
            "profile": "text",
            "actor": "Agent",
            "action": "@Action",
            "object": "Entity",
            "eventTime": "instant",
            "target": "Entity",
            "generated": "Entity",
            "referrer": "Entity",
            "edApp": "SoftwareApplication",
            "group": "Organization",
            "membership": "Membership",
            "session": "Session",
            "federatedSession": "Session",
            "extensions": "map",
        },
        ("id", "actor", "action", "object", "eventTime"),
    ),
    "AnnotationEvent": Kind("Event", {"actor": "Person", "object": "DigitalResource", "generated": "Annotation"}),
    "AssessmentEvent": Kind("Event", {"actor": "Person", "object": "Assessment Attempt", "generated": "Attempt"}),
    "AssessmentItemEvent": Kind(
        "Event", {"actor": "Person", "object": "AssessmentItem Attempt", "generated": "Attempt Response"}
    ),
    "AssignableEvent": Kind(
        "Event",
        {"actor": "Person", "object": "AssignableDigitalResource Attempt", "target": "Frame", "generated": "Attempt"},
    ),
    "FeedbackEvent": Kind("Event", {"actor": "Person", "generated": "Rating Comment"}),
    "ForumEvent": Kind("Event", {"actor": "Person", "object": "Forum"}),
    "GradeEvent": Kind("Event", {"object": "Attempt", "generated": "Score Result"}),
    "OutcomeEvent": Kind("Event", {"object": "Attempt", "generated": "Score Result"}),
    "MediaEvent": Kind("Event", {"actor": "Person", "object": "MediaObject", "target": "MediaLocation"}),
    "MessageEvent": Kind("Event", {"actor": "Person", "object": "Message"}),
    "NavigationEvent": Kind(
        "Event",
        {
            "actor": "Person",
            "object": "DigitalResource SoftwareApplication",
            "target": "DigitalResource",
            "referrer": "DigitalResource SoftwareApplication",
        },
    ),
    "QuestionnaireEvent": Kind("Event", {"actor": "Person", "object": "Questionnaire", "generated": "Attempt"}),
    "QuestionnaireItemEvent": Kind(
        "Event", {"actor": "Person", "object": "QuestionnaireItem", "generated": "Attempt Response"}
    ),
    "ResourceManagementEvent": Kind(
        "Event", {"actor": "Person", "object": "DigitalResource", "generated": "DigitalResource"}
    ),
    "SearchEvent": Kind("Event", {"actor": "Person", "generated": "SearchResponse"}),
    "SessionEvent": Kind("Event", {"object": "Session SoftwareApplication", "target": "DigitalResource"}),
    "SurveyEvent": Kind("Event", {"actor": "Person", "object": "Survey"}),
    "SurveyInvitationEvent": Kind("Event", {"actor": "Person", "object": "SurveyInvitation"}),
    "ThreadEvent": Kind("Event", {"actor": "Person", "object": "Thread"}),
    "ToolLaunchEvent": Kind(
        "Event", {"actor": "Person", "object": "SoftwareApplication", "target": "Link", "generated": "DigitalResource"}
    ),
    "ToolUseEvent": Kind(
        "Event",
        {
            "actor": "Person",
            "object": "SoftwareApplication",
            "target": "SoftwareApplication",
            "generated": "AggregateMeasureCollection",
        },
    ),
    "ViewEvent": Kind("Event", {"actor": "Person", "object": "DigitalResource", "target": "Frame"}),
}

ACTIONS: Mapping[str, frozenset[str]] = {
    event: frozenset(actions.split())
    for event, actions in {
        "AnnotationEvent": "Bookmarked Highlighted Shared Tagged",
        "AssessmentEvent": "Started Paused Resumed Restarted Reset Submitted",
        "AssessmentItemEvent": "Started Skipped Completed Reviewed",
        "AssignableEvent": "Activated Deactivated Started Completed Submitted Reviewed",
        "FeedbackEvent": "Commented Ranked",
        "ForumEvent": "Subscribed Unsubscribed",
        "GradeEvent": "Graded",
        "OutcomeEvent": "Graded",
        "MediaEvent": _MEDIA,
        "MessageEvent": "MarkedAsRead MarkedAsUnread Posted",
        "NavigationEvent": "NavigatedTo",
        "QuestionnaireEvent": "Started Submitted",
        "QuestionnaireItemEvent": "Started Skipped Completed",
        "ResourceManagementEvent": "Archived Copied Created Deleted Described Downloaded Modified Printed Published "
        "Restored Retrieved Saved Unpublished Uploaded",
        "SearchEvent": "Searched",
        "SessionEvent": "LoggedIn LoggedOut TimedOut",
        "SurveyEvent": "OptedIn OptedOut",
        "SurveyInvitationEvent": "Accepted Declined Sent",
        "ThreadEvent": "MarkedAsRead MarkedAsUnread",
        "ToolLaunchEvent": "Launched Returned",
        "ToolUseEvent": "Used",
        "ViewEvent": "Viewed",
    }.items()
}
"""Event -> the actions that it may have; the general Event may have every one."""


def _terms(names: str) -> frozenset[str]:
    return frozenset(names.split())


TERMS: Mapping[str, frozenset[str]] = {
    "Action": frozenset().union(
        *ACTIONS.values(),
        _terms(
            "Abandoned Added Attached Classified Disliked Hid Identified Liked Linked Questioned Recommended Removed "
            "Showed"
        ),
    ),
    "Status": _terms("Active Inactive"),
    "LtiMessage": _terms("LtiDeepLinkingRequest LtiResourceLinkRequest"),
    "Metric": _terms(
        "AssessmentsSubmitted AssessmentsPassed MinutesOnTask SkillsMastered StandardsMastered UnitsCompleted "
        "UnitsPassed WordsRead"
    ),
    "Identifier": _terms(
        "AccountUserName EmailAddress LisSourcedId LtiContextId LtiDeploymentId LtiPlatformId LtiToolId LtiUserId "
        "OneRosterSourcedId Other SisSourcedId SystemId"
    ),
    "Role": _terms("Administrator ContentDeveloper Instructor Learner Manager Member Mentor Officer TeachingAssistant"),
}
"""Lists of terms. A role may be refined after a `#`, as in Instructor#TeachingAssistant."""


def supertypes(kinds: Mapping[str, Kind]) -> dict[str, tuple[str, ...]]:
    """Type -> itself and all that it is a subtype of."""
    found: dict[str, tuple[str, ...]] = {}
    for name, kind in kinds.items():
        found[name] = (name, *(found[kind.supertype] if kind.supertype else ()))
    return found


def members(kinds: Mapping[str, Kind]) -> dict[str, dict[str, str]]:
    """Type -> all its members, those of its supertypes included."""
    found: dict[str, dict[str, str]] = {}
    for name, kind in kinds.items():
        found[name] = {**(found[kind.supertype] if kind.supertype else {}), **kind.members}
    return found


def required(kinds: Mapping[str, Kind]) -> dict[str, tuple[str, ...]]:
    """Type -> all members that it must have."""
    found: dict[str, tuple[str, ...]] = {}
    for name, kind in kinds.items():
        found[name] = (*(found[kind.supertype] if kind.supertype else ()), *kind.required)
    return found
