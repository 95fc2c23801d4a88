"""Doing it: executions, orders, brokers, limits, the kill switch and the ledger."""
