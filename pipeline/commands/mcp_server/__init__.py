"""The latest release served over the Model Context Protocol: lookups, the form of answers, and the server."""
