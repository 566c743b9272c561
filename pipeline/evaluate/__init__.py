"""How well does a room agree with labelled cases? Figures for machines and lines for people."""
