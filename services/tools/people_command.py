"""`stepwell people`: whose accounts are whose, in bulk; what sources do not agree on; and undoing what was wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from services.runtime.topics import INBOX
from services.runtime.where import HERE, Place, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schemas.records import Link, Record
    from schemas.values import Account
    from services.core.roster import Roster
    from services.runtime.identity import IdentityKey
    from services.tools.people import Plan

app = App(name="people", help="Import rosters, list links that contradict each other, undo links.")

# by its path, as in services/cli.py: it is ingest's, which the tools know nothing of
app.command("services.ingest.identity.rotate_command:rotate_key", name="rotate-key")

Json = Annotated[bool, Parameter(name="--json", negative="")]
Flag = Annotated[bool, Parameter(negative="")]
Secret = Annotated[str, Parameter(env_var="STEPWELL_IDENTITY_KEY", show=False)]
BATCH = 100


@app.command(name="import")
def import_roster(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)],
    *,
    source: str = "hr-roster",
    at: datetime | None = None,
    contradict: Flag = False,
    dry_run: Flag = False,
    json_output: Json = False,
    topic: str = INBOX,
    kafka: str | None = None,
    where: Place = HERE,
    identity_key: Secret = "",
) -> None:
    """Import a roster: which accounts are which worker's, and who is with which employer from when to when.

    The file is CSV with a header. Columns: worker_id; accounts as email (or mbox), mbox_sha1sum, openid, did,
    account_home_page and account_name; employer_id, from, to. The order of columns and rows does not matter, nor
    whether a row comes before or after the records that it concerns. Nothing is sent unless every row is good. An
    account that the roster gives to two workers, or that another source has given to another worker, is left out and
    reported on stdout, one JSON object a line.

    Parameters
    ----------
    file
        Path of the file; - for standard input.
    source
        Who states this. A newer link of one source replaces its older one.
    at
        When it is stated; now, when it is not given.
    contradict
        Send also what contradicts another source: then the account is nobody's until somebody has looked.
    dry_run
        Only say what would be sent.
    json_output
        The summary as one line of JSON, too.
    topic
        Topic to send to.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    identity_key
        The secret that hides addresses, where the gateway has it as a setting.
    """
    from services.core.links import registers
    from services.core.roster import read_roster
    from services.runtime.console import errors_in_a_sentence
    from services.tools.people import planned

    with errors_in_a_sentence():
        roster = read_roster(_lines(file))
        _stop_at_faults(roster)
        links, key = _known(where, identity_key)
        moment = _in_utc(at)
        plan = planned(roster.rows, registers(links), key, source=source, at=moment, contradict=contradict)
        _report(plan)
        sent = 0 if dry_run else _send(plan.records, source, topic, kafka)
        _summarise(plan, len(roster.rows), sent, json_output=json_output, dry_run=dry_run)


@app.command
def conflicts(
    *,
    json_output: Json = False,
    where: Place = HERE,
) -> None:
    """List the accounts that sources give to different workers: such an account is nobody's until somebody has looked.

    Parameters
    ----------
    json_output
        One line an account: {"worker_id", "account", "claims": [{"source", "worker_id", "at"}]}.
    """
    from services.core.people import conflicts as found_in
    from services.core.settle import routing_key
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.tools.people import conflict_told

    with errors_in_a_sentence():
        links = _links(where)
        accounts = {routing_key(link): link.account for link in links}
        for found in found_in(links):
            row = conflict_told(found, accounts.get(found.worker_id))
            if json_output:
                say_json(row)
                continue
            claims = "; ".join(f"{each['source']}: {each['worker_id']} ({each['at']})" for each in row["claims"])
            say(f"{found.worker_id}  {claims}")


@app.command
def unlink(
    *accounts: str,
    roster: str | None = None,
    source: str = "operator",
    at: datetime | None = None,
    dry_run: Flag = False,
    json_output: Json = False,
    topic: str = INBOX,
    kafka: str | None = None,
    where: Place = HERE,
    identity_key: Secret = "",
) -> None:
    """Undo links: whatever was said about these accounts so far is taken back, and everything is where it was.

    Parameters
    ----------
    accounts
        Accounts: an e-mail address, a DID, an OpenID, JSON as in a record, or the worker id that `conflicts` lists.
    roster
        The accounts of a roster that was imported.
    source
        Who states this.
    at
        When it is stated; now, when it is not given.
    dry_run
        Only say what would be sent.
    json_output
        One line: {"accounts", "sent", "dry_run"}.
    topic
        Topic to send to.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    identity_key
        The secret that hides addresses, where the gateway has it as a setting.
    """
    from services.core.roster import read_roster
    from services.core.settle import routing_key
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.errors import Rejected
    from services.tools.people import undoing

    with errors_in_a_sentence():
        links, key = _known(where, identity_key)
        by_id = {routing_key(link): link.account for link in links}
        named = [_account(text, by_id) for text in accounts]
        if roster is not None:
            read = read_roster(_lines(roster))
            _stop_at_faults(read)
            named.extend(account for row in read.rows if row.worker_id for account in row.accounts)
        if not named:
            raise Rejected.because("nothing_named", "name accounts, or a roster")
        chosen = list(dict.fromkeys(named))
        records = [undoing(account, key, _in_utc(at)) for account in chosen]
        sent = 0 if dry_run else _send(records, source, topic, kafka)
        if json_output:
            say_json({"accounts": len(chosen), "sent": sent, "dry_run": dry_run})
        else:
            say(f"{len(chosen)} accounts would be unlinked" if dry_run else f"{sent} accounts unlinked")


def _lines(file: str) -> list[str]:
    from services.runtime.errors import Rejected
    from services.tools.emitter import opened

    with opened(file) as content:
        try:
            return content.read().decode("utf-8-sig").splitlines(keepends=True)
        except UnicodeDecodeError as error:
            raise Rejected.because("encoding", f"{file} is not UTF-8: {error.reason} at byte {error.start}") from error


def _stop_at_faults(roster: Roster) -> None:
    import sys

    for fault in roster.faults:
        column = f", column {fault.column}" if fault.column else ""
        sys.stderr.write(f"line {fault.line}{column}: {fault.detail}\n")
    if roster.faults:
        sys.stderr.write(f"stepwell: {len(roster.faults)} faults, and nothing was sent\n")
        raise SystemExit(1)


def _links(where: Where) -> list[Link]:
    from services.runtime.links import stored_links

    return list(stored_links(where.connect()))


def _known(where: Where, secret: str) -> tuple[list[Link], IdentityKey]:
    """The links that there are, and the key by which ingest hides addresses."""
    from services.runtime.identity import key_of_setting
    from services.runtime.identity_keys import identity_key
    from services.runtime.links import stored_links

    client = where.connect()
    return list(stored_links(client)), key_of_setting(secret) if secret else identity_key(client)


def _in_utc(moment: datetime | None) -> datetime:
    if moment is None:
        return datetime.now(UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _account(text: str, by_id: dict[str, Account]) -> Account:
    from pydantic import ValidationError

    from schemas.values import Account
    from services.core.pseudonyms import account_of_address
    from services.runtime.errors import Rejected

    found = by_id.get(text) or account_of_address(text)
    if found is not None:
        return found
    try:
        if text.lstrip().startswith("{"):
            return Account.model_validate_json(text)
        if ":" in text:
            return Account.model_validate({"did" if text.startswith("did:") else "openid": text})
    except ValidationError as error:
        raise Rejected.because("account", f"{text} is no account: {error.errors()[0]['msg']}") from error
    raise Rejected.because("account", f"{text} is neither an account nor the worker id of one that was ever linked")


def _report(plan: Plan) -> None:
    from services.runtime.console import say_json
    from services.tools.people import claims_told, told

    for each in plan.contested:
        say_json({"conflict": "within_roster", "account": told(each.account), "lines": dict(each.lines)})
    for found in plan.contradictions:
        said = {"line": found.row.line, "account": told(found.account), "worker_id": found.worker_id}
        say_json({"conflict": "with_another_source", **said, "claims": list(claims_told(found.claims))})


def _summarise(plan: Plan, rows: int, sent: int, *, json_output: bool, dry_run: bool) -> None:
    from services.runtime.console import say, say_json

    links = sum(record.kind == "link" for record in plan.records)
    counts: dict[str, Any] = {
        "rows": rows,
        "links": links,
        "employments": len(plan.records) - links,
        "unchanged": plan.unchanged,
        "conflicts": len(plan.contested) + len(plan.contradictions),
        "sent": sent,
        "dry_run": dry_run,
    }
    if json_output:
        say_json(counts)
        return
    verb = "would be sent" if dry_run else "sent"
    told = f"{links} links and {counts['employments']} employments {verb}, {plan.unchanged} links were there already"
    say(f"{rows} rows: {told}, {counts['conflicts']} conflicts")


def _send(records: Sequence[Record], source: str, topic: str, kafka: str | None) -> int:
    from services.runtime.errors import Unavailable
    from services.runtime.instance import address_of
    from services.tools.emitter import Emission, emit_items

    summary = emit_items(address_of("kafka", kafka), _written(records), Emission(topic, source, batch=BATCH))
    if summary.failed:
        raise Unavailable("kafka", f"{summary.failed} of {len(records)} records were not acknowledged; send all again")
    return summary.sent


def _written(records: Iterable[Record]) -> Iterable[bytes]:
    from schemas.records import record_adapter

    return (record_adapter.dump_json(record, by_alias=True, exclude_none=True) for record in records)
