"""What stands around every page: who asks, whether they may, how an answer is sent."""
