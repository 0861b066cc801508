"""The xAPI record store (LRS): statements read back, voided and compared, documents, activities, agents.

Theory of operation. Everything that a source changes is one message on `stepwell.xapi.v1`, keyed by the source, so that
all changes of a source have one order, and that order decides: of two statements with one id the first stands, a change
of a document applies only to the document that its sender saw. A message is a whole request, so a request is taken as a
whole or not at all. The writer (in the inbox process) plays the log into ClickHouse and says how far it is; it alone
sets `stored`, in the order of the log. Gateways follow the log (`following`, `window`) to know how a request of theirs
was decided and which ids are new (`familiar`), and read from ClickHouse once it has what they have seen. A source sees
only its own. Requests that look like many before them are checked the `swift` way, with the same answers.
"""
