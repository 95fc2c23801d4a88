"""What every app needs: audit chain, outbox, idempotency, problem documents, clock, metrics."""
