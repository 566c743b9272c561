"""What does a language model read on a page, within bounds of time, tokens and money? The only room that asks one."""
