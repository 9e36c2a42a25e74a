"""Which communities are there? The list an operator gives us, read, checked and compared."""

from routing.directory.community import Community
from routing.directory.listing import Directory, read

__all__ = ["Community", "Directory", "read"]
