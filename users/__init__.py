"""Who may do what: users and roles."""
