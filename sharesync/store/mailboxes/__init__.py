"""What is known of each mailbox, and of the directory whose people own them."""
