"""The steps of `pricing.services.record_prices`: stage, resolve, judge, store, in one transaction."""
