"""The machine door other nodes post to: its own process, no sessions, no pages."""
