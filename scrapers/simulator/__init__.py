"""A simulator of every venue, for demos, tests and fault drills: one process, no network, no database.

`world` is the market that is sold, `venues` speak each venue's wire format, `faults` break them on purpose,
`oracle` judges how politely they were asked, and `app.create_simulator` puts them together under one path
prefix for each endpoint of `settings.VENUE_URLS`. `manage.py simulate` and `manage.py up --demo` run it.
"""
