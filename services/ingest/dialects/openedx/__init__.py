"""Open edX's event bus: what the LMS and the credentials service put on Kafka, in Avro or JSON.

`events` has the form of every event that means something here, `reading` turns a message into its data, `meaning` says
which learning record that is. Source: OEP-49, OEP-51 and the package openedx-events.
"""
