"""One function a use case, one transaction a use case."""
