"""The signal engine of the live desk: ticks in from ZeroMQ, signals and sightings out to Redis.

`engine` compares and decides, `publisher` writes, `receiver` reads, `process` ties them together for
`manage.py run_signals`; `sink` carries what was sighted into PostgreSQL for `manage.py run_sink`.
"""
