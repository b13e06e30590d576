"""Refuses what pages of other sites ask for: they can read no answer, but could make work.

Browsers say in ``Sec-Fetch-Site`` whose page a request is of (W3C Fetch Metadata), to HTTPS and to
localhost. TensorBoard's own pages are of the same origin, also within a notebook's frame or behind
a proxy; what is typed or comes from a script outside of a browser is of none.
"""

from __future__ import annotations

from tensorboard import errors
from werkzeug.wrappers import Request


def refuse(request: Request) -> None:
    """Lets pass what TensorBoard's own pages ask for, what is no page's, and links to be followed.

    Raises:
        PermissionDeniedError: a page of another origin wants it as a part of itself.
    """
    site = request.headers.get("Sec-Fetch-Site", "none")
    followed = (
        request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )
    if site not in ("none", "same-origin") and not followed:
        raise errors.PermissionDeniedError(
            "only TensorBoard's own pages may load this: open the address in a tab of its own"
        )
