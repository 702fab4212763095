"""Who is told of what: endpoints, what they may hear, and how it gets to them."""
