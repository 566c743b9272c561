"""The functional H-1B sponsor list: from files as published to a dated release. Rooms and floors: docs/architecture.md."""
