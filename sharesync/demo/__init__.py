"""The demo's company: who works there, what it shares with whom, and the files its contacts come from."""
