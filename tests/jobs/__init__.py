"""Clock and worker, over a real Workspace and a real database."""
