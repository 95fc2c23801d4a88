"""From records to rows: what is new or different is written with COPY, everything else is left alone."""
