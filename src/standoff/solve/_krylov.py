"""A linear solver for operators that are only applied, never stored.

BiCGSTAB [1]_, as in SciPy, but with sums that do not go through BLAS. There, a dot product of ten
thousand numbers is already shared out among threads: the last digits then depend on how many
cores the machine has, and on a busy machine the threads wait for each other, which measured up to
fifty times slower than the sweeps themselves.

References
----------
.. [1] van der Vorst, H. A. (1992), "Bi-CGSTAB: a fast and smoothly converging variant of Bi-CG
   for the solution of nonsymmetric linear systems", SIAM J. Sci. Stat. Comput. 13(2).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from standoff.solve._parts import Floats

BREAKDOWN = 1e-200


def solve_linear(
    apply: Callable[[Floats], Floats], right: Floats, accuracy: float, most: int
) -> Floats:
    """Solve ``A x = right`` until the residual has shrunk by a factor of ``accuracy``.

    Parameters
    ----------
    apply
        x to A x; its result is used before the next call and may be the same array each time.
    right
        Shape ``(n,)``.
    accuracy
        Largest entry of the residual to stop at, relative to that of ``right``.
    most
        How many steps (of two applications each) to take at the most.

    Returns
    -------
    ndarray
        The best solution found; it may be inaccurate if the steps ran out or the method broke
        down, so the caller checks its own residual.
    """
    work = np.empty_like(right)
    solution = np.zeros_like(right)
    residual = right.copy()
    shadow = right
    direction = right.copy()
    target = accuracy * _largest(right, work)
    rho = _dot(shadow, residual)
    for _ in range(most):
        moved = apply(direction).copy()
        along = _dot(shadow, moved)
        if abs(along) < BREAKDOWN:
            break
        alpha = rho / along
        residual -= np.multiply(moved, alpha, out=work)
        solution += np.multiply(direction, alpha, out=work)
        image = apply(residual)
        size = _dot(image, image)
        if size < BREAKDOWN:
            break
        omega = _dot(image, residual) / size
        solution += np.multiply(residual, omega, out=work)
        residual -= np.multiply(image, omega, out=work)
        if _largest(residual, work) <= target:
            break
        previous, rho = rho, _dot(shadow, residual)
        if abs(rho) < BREAKDOWN or omega == 0.0:
            break
        direction -= np.multiply(moved, omega, out=work)
        direction *= rho / previous * alpha / omega
        direction += residual
    return solution


def solve_each(
    apply: Callable[[Floats], Floats], right: Floats, accuracy: Floats, most: int
) -> Floats:
    """Solve several systems at once, each as :func:`solve_linear` would.

    Parameters
    ----------
    apply
        As there, for all systems.
    right
        Shape ``(systems, n)``; a row of zeros has nothing to solve.
    accuracy
        Shape ``(systems,)``.
    most
        How many steps to take at the most.

    Returns
    -------
    ndarray
        Shape ``(systems, n)``. What one system's solution is does not depend on the others.
    """
    work = np.empty_like(right)
    solution = np.zeros_like(right)
    residual = right.copy()
    shadow = right
    direction = right.copy()
    target = accuracy * _largest_each(right, work)
    going = target > 0
    rho = _dot_each(shadow, residual, work)
    for _ in range(most):
        moved = apply(direction).copy()
        along = _dot_each(shadow, moved, work)
        going &= np.abs(along) >= BREAKDOWN
        alpha = _ratio(rho, along, going)
        residual -= np.multiply(moved, alpha[:, None], out=work)
        solution += np.multiply(direction, alpha[:, None], out=work)
        image = apply(residual)
        size = _dot_each(image, image, work)
        going &= size >= BREAKDOWN
        omega = _ratio(_dot_each(image, residual, work), size, going)
        solution += np.multiply(residual, omega[:, None], out=work)
        residual -= np.multiply(image, omega[:, None], out=work)
        going &= _largest_each(residual, work) > target
        previous, rho = rho, _dot_each(shadow, residual, work)
        going &= (np.abs(rho) >= BREAKDOWN) & (omega != 0.0)
        if not going.any():
            break
        again = _ratio(rho, previous, going) * _ratio(alpha, omega, going)
        direction -= np.multiply(moved, omega[:, None], out=work)
        direction *= again[:, None]
        direction += residual
    return solution


def _ratio(above: Floats, below: Floats, where: NDArray[np.bool_]) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=where)


def _dot_each(left: Floats, right: Floats, work: Floats) -> Floats:
    return np.asarray(np.multiply(left, right, out=work).sum(axis=1))


def _largest_each(array: Floats, work: Floats) -> Floats:
    return np.asarray(np.abs(array, out=work).max(axis=1))


def _dot(left: Floats, right: Floats) -> float:
    return float(np.einsum("i,i->", left, right))


def _largest(array: Floats, work: Floats) -> float:
    return float(np.abs(array, out=work).max())
