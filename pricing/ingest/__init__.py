"""The set-based steps of `pricing.services.record_prices`: stage, resolve, judge, store. All inside one transaction."""
