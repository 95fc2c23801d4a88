"""Sessions, token log-ins, API keys and saved views over HTTP."""
