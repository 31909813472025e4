"""The Python peers, each behind the signature of :class:`peers.base.Peer`."""
