"""ClickHouse's HTTP interface over chDB: `python -m deploy.embedded.clickhouse --path DIR --port N`.

chDB is ClickHouse's engine in a library. It lets one process own a data folder and listens on nothing. This front owns
the folder and answers ClickHouse's HTTP protocol on loopback, so that every service, BI tool and `curl` connects as to
a server, with unmodified clients.

    server.py      HTTP in and out (aiohttp); a thread pool runs the engine, which releases the interpreter's lock
    request.py     one HTTP request as a `Query`: statement, settings, parameters, session, external tables
    statements.py  just enough SQL reading to part an INSERT from its data and to find a FORMAT
    handles.py     chDB connections, each with its own settings, temporary tables and database; pool and sessions
    engine.py      runs a `Query` on a handle
    errors.py      ClickHouse's error codes and the HTTP status that each one gets
    encoding.py    Content-Encoding, both ways
    folder.py      the lock that keeps a folder with one process

For development, tests and one machine; not a security boundary: it listens on loopback and has one user, `default`.
"""
