"""TLS to exactly the certificates of the partner's card: no authority, no name, no other certificate will do.

Requirement P-160. The handshake must end with one of the pinned certificates, byte for byte, before anything is sent.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from dedere.crypto.keys import certificate_der

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence


class PinnedContext(ssl.SSLContext):
    """A client's TLS context that ends the connection when the peer's certificate is not pinned."""

    _pins: frozenset[bytes] = frozenset()

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:  # as the base class
        """`sock` after the handshake, when its certificate is pinned.

        Raises:
            ssl.SSLCertVerificationError: another certificate.
        """
        wrapped = super().wrap_socket(sock, *args, **kwargs)
        if wrapped.getpeercert(binary_form=True) not in self._pins:
            wrapped.close()
            raise ssl.SSLCertVerificationError("The partner shows another certificate than its card names.")
        return wrapped


def pinned_context(certificates: Sequence[str]) -> PinnedContext:
    """A context for a partner whose card names these TLS certificates (PEM). TLS 1.3 only (P-161)."""
    context = PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # The pin is stricter than a name: a partner may be reached by any address its card lists.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    for certificate in certificates:
        context.load_verify_locations(cadata=certificate)
    context._pins = frozenset(certificate_der(certificate) for certificate in certificates)  # noqa: SLF001 - own class
    return context
