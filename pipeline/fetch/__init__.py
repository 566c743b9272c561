"""Which pages are requested, and how politely? The only room that uses the network; what it brings is for the next release."""
