"""The public contracts: what crosses a topic, an endpoint or a file.

Everything here is data with a shape and no behaviour beyond checking it. Nothing in this package imports a service,
a client or a framework other than pydantic, so that an LMS plugin, a test or a notebook can use it alone.
"""
