"""What alerts are made of: fields and conditions, when a rule speaks, quiet hours, channels, sending."""
