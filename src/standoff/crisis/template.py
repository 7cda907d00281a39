"""The file that `standoff new` writes."""

from __future__ import annotations

from importlib import resources

from standoff.crisis.schema import schema_path


def template(name: str, schema: str | None = None) -> str:
    """Return a commented crisis file to start from.

    Parameters
    ----------
    name
        What the crisis is called.
    schema
        Where editors find the JSON Schema; the one in this installation if not given.

    Examples
    --------
    >>> print(template("The strait", "crisis.schema.json").splitlines()[0])
    # yaml-language-server: $schema=crisis.schema.json
    """
    from standoff.crisis.write import _scalar

    text = (resources.files("standoff.crisis") / "template.yaml").read_text("utf-8")
    title = _scalar(" ".join(name.split()) or "A crisis", inside_flow=False)
    return text.replace("SCHEMA", schema or str(schema_path())).replace("TITLE", title)
