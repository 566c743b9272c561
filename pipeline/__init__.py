"""The functional H-1B sponsor list: from files as published to a dated release. Rooms and floors: docs/architecture.md."""

import os

# Arrow takes memory from the C library, as pandas does: of two allocators each keeps for itself what the other could use, a tenth of the
# peak of a national refresh. Arrow looks once, when it is first imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
