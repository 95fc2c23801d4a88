"""How prices arrive. For now the tasks that read imported bulk files; connectors come with their sources."""
