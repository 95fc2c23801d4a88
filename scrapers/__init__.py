"""How prices arrive: sources with ordered routes (bulk, API, page), fetched politely, judged before use."""
