"""`manage.py up`: the whole product on one machine, from nothing to a page that answers, and back to nothing.

It loads settings and no application, so that a second start is quick: what needs the applications (`manage.py
prepare`, the web server, the workers) runs in processes of its own.
"""
