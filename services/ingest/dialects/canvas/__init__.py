"""Canvas Live Events in Canvas's own form; in Caliper's they are Caliper (services/ingest/dialects/caliper).

Source: Canvas Live Events, https://developerdocs.instructure.com/services/dap/events.
"""
