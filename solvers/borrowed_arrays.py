"""
Arrays without reference counters, for kernels that hand many arrays to one another.

The counters are atomic: changing them at every call of a small kernel takes several times as long as the kernel's own work.
"""

from typing import Any

from numba.core import types
from numba.core.imputils import impl_ret_untracked
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

# Numba's own modules are not typed.
array_of: Any = make_array
pointer: Any = types.MemInfoPointer
untracked: Any = impl_ret_untracked


def _borrowed(context: Any, array: Any) -> Any:
    """Return an array without its reference counter; the caller must hold the array itself as long as it is used."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = array_of(signature.args[0])(context, builder, arguments[0])
        array.meminfo = context.get_constant_null(pointer(types.voidptr))
        array.parent = context.get_constant_null(types.pyobject)
        return untracked(context, builder, signature.return_type, array._getvalue())

    return array(array), generate


borrowed: Any = intrinsic(_borrowed)
