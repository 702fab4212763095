"""What is seen of Google, over real HTTP against the sandbox Workspace."""
