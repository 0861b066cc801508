"""Caliper's entities: which members each has beside those of its supertype. Source: Caliper 1.2, appendix B."""

from __future__ import annotations

from collections.abc import Mapping

from services.ingest.dialects.caliper.vocabulary import Kind

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
