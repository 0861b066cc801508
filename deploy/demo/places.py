"""The made-up world: who sends records, and who employs the workers. Names are ours, domains RFC 2606 `.example`."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.demo.delivery import Road


@dataclass(frozen=True, slots=True)
class Source:
    """A system that sends records: over which road, of which kinds, and in which local time it writes its instants."""

    name: str
    title: str
    road: Road
    kinds: tuple[str, ...]
    offset_hours: int = 0


@dataclass(frozen=True, slots=True)
class Employer:
    """A tenant, and its part of all hires."""

    employer_id: str
    name: str
    share: float


LANTERN = Source("lantern-lms", "Lantern, a Moodle-like LMS", "xapi", ("completion", "award", "revocation"))
QUAYSIDE = Source("quayside-academy", "Quayside Academy's LMS", "xapi", ("completion", "award", "revocation"), 1)
CERTHALL = Source("certhall", "CertHall, an issuer of certifications", "records", ("award", "revocation"), -5)
BRIGHTPATH = Source("brightpath", "Brightpath, a course vendor on Kafka", "inbox", ("completion", "award"))
PEOPLEBRIDGE = Source("peoplebridge", "PeopleBridge, an HR system", "records", ("employment", "link", "erasure"), 2)
REGISTRAR = Source("harborside-registrar", "Harborside College's registrar", "records", ("enrolment",))

SOURCES = (LANTERN, QUAYSIDE, CERTHALL, BRIGHTPATH, PEOPLEBRIDGE, REGISTRAR)

EMPLOYERS = (
    Employer("meridian-freight", "Meridian Freight", 0.66),
    Employer("juniper-health", "Juniper Health", 0.17),
    Employer("halden-robotics", "Halden Robotics", 0.10),
    Employer("copperleaf-studio", "Copperleaf Studio", 0.07),
)
