"""What mends each kind of refusal, in a sentence for an operator: whose fault it most likely is, and what to do.

Apart from where codes are made (every dialect has some), because this is written for whoever looks at all of them at
once. A code without a sentence of its own gets the advice that fits any.
"""

from __future__ import annotations

SENDER = "Send the source the pointer and the detail; the gateway answered it the same."
_FORM = f"The source sends a value of another form than its format asks for. {SENDER}"
_MISSING = f"The source leaves out what its format requires. {SENDER}"
ADVICE = {
    "attachment": "An xAPI attachment does not match its description: the plugin that packs it is at fault.",
    "authority": f"A statement names an authority that xAPI does not allow; sources best leave it out. {SENDER}",
    "boundary": "The multipart body does not say how its parts are told apart: look at the source's HTTP library.",
    "conflict": "The source sent another statement under an id that it had used: it makes ids that are not unique.",
    "content_type": "The body is not what its Content-Type says: look at the source's HTTP settings.",
    "duplicate": "One request holds the same id twice: the source repeats itself within a batch.",
    "encoding": "A part of the multipart body is encoded in a way that xAPI does not allow: it has to be binary.",
    "empty": "The source sends empty bodies, most often a health check that is pointed at the wrong path.",
    "hash": "A part of the multipart body lacks its right X-Experience-API-Hash: the plugin that packs it is at fault.",
    "hosted": "The image names a hosted assertion and holds none: have the source send the assertion itself.",
    "identifier": f"A person is named in no way, or in several at once; exactly one is allowed. {SENDER}",
    "in_the_future": "The source's clock is ahead, or it dates awards by when they will be given.",
    "invalid_jws": f"What is sent as a token is none: look for a truncated or double-encoded body. {SENDER}",
    "invalid_json": "This is no JSON: look for a truncated body, an HTML error page, or another encoding than UTF-8.",
    "missing": _MISSING,
    "multipart": "The multipart body is cut off or misses a part: look for a proxy that limits the size of requests.",
    "no_key": "Something other than Stepwell writes to stepwell.records.v1: take that right away by the broker's ACLs.",
    "not_a_choice": f"The source uses a word that its format does not have. {SENDER}",
    "not_fetched": "The event only names a badge: have it posted to a hook of kind claim_check, which fetches it.",
    "not_here": f"A member stands where its format does not allow it. {SENDER}",
    "not_text": f"The body is no UTF-8, or its text cannot be read: look at the source's character encoding. {SENDER}",
    "not_a_record": "Something other than Stepwell's ingest, or another version of it, wrote to stepwell.records.v1.",
    "not_baked": "The image holds no credential: the source exports the picture and not the badge.",
    "not_settled": "Something other than Stepwell's ingest wrote to stepwell.records.v1.",
    "rule": f"Members contradict each other. {SENDER}",
    "scope": "The key may not send this kind. Give it the scope and redrive these by --reason scope, or leave them.",
    "reserved": "Only Stepwell states this kind: send the credential itself to /credentials. Leave these.",
    "signature": "The signature does not hold: the secret differs, or a proxy changes the body on the way.",
    "too_large": "Send fewer items at once, or raise STEPWELL_BODY_BYTES and the topic's max.message.bytes.",
    "too_deep": "The JSON is nested deeper than any record needs: often the source packs one payload into another.",
    "too_many_values": "One payload has more values than can be looked through: send fewer items at once.",
    "unattributed": "Taken in, but for what does not say whose or of what it is: have the source describe the attempt, "
    "with assignee and assignable, in the same envelope as its grade.",
    "unknown_dialect": "Nothing tells what this is: set the header ce_type, or use the path of its platform.",
    "unknown_member": f"The source sends members that our records do not have, most often a typing error. {SENDER}",
    "unreadable_avro": "The Avro schema is not known here: look whether the registry answers and the header is right.",
    "unrepresentable": "A text is longer than a record may hold: have the source shorten it.",
    "version": "The source speaks another version: set it to xAPI 1.0.3 or 2.0.",
    "wrong_class": f"An object says that it is of another class than its place asks for. {SENDER}",
    "wrong_context": f"The credential does not name the vocabulary that it uses. {SENDER}",
    "wrong_order": f"One date lies before another that it has to follow. {SENDER}",
}
_PREFIX = "not_a"
ANY = "Look at one with `stepwell rejected show`; if the reason is ours, mend it and redrive, else tell the source."


def advice_on(reason: str) -> str:
    """What to do about refusals of this code."""
    known = ADVICE.get(reason)
    if known is not None:
        return known
    return _FORM if reason.startswith((_PREFIX, "wrong_", "out_of")) else ANY
