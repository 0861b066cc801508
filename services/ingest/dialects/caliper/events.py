"""Caliper's events: which members, actions and terms each may have. Source: Caliper 1.2, appendices A, C, D and F."""

from __future__ import annotations

from collections.abc import Mapping

from services.ingest.dialects.caliper.vocabulary import Kind

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
            "profile": "@Profile",
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
            "actor": "Person SoftwareApplication",
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
        "ThreadEvent": "Created MarkedAsRead MarkedAsUnread",
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
    "Profile": _terms(
        "AnnotationProfile AssessmentProfile AssignableProfile BasicProfile FeedbackProfile ForumProfile "
        "GeneralProfile GradingProfile MediaProfile OutcomesProfile ReadingProfile ResourceManagementProfile "
        "SearchProfile SessionProfile SurveyProfile ToolLaunchProfile ToolUseProfile"
    ),
    "Role": _terms("Administrator ContentDeveloper Instructor Learner Manager Member Mentor Officer TeachingAssistant"),
}
"""Lists of terms. A role may be refined after a `#`, as in Instructor#TeachingAssistant."""
