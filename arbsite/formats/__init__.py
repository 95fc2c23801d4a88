"""Formats of dates and times on the staff pages (`settings.FORMAT_MODULE_PATH`)."""
