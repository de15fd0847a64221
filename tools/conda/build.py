"""
Render the conda recipe, and build the package with it.

    python tools/conda/build.py --render
    python tools/conda/build.py --channel conda-forge --out dist/conda

The source archive of `make sdist NAME=gazu-rs` must be in dist/. The compilers and the
Python are those of the channel. Prints the recipe as it is rendered for this platform,
or the path of the package. Exits with status 1 if the channel cannot be reached.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import rattler_build
import versions
from rattler_build.progress import SimpleProgressCallback

RECIPE = Path(__file__).with_name("recipe.yaml")
# What conda-forge's own configuration says.
VARIANTS = """\
python: ["{python}.*"]
rust_compiler: [rust]
c_compiler: [{c}]
"""


def render(python: str) -> list:
    """Return the recipe as it is rendered for this platform, once for each variant."""
    os.environ["GAZU_VERSION"] = versions.OURS.replace("+rs", "")
    c = {"darwin": "clang", "win32": "vs2022"}.get(sys.platform, "gcc")
    return rattler_build.Stage0Recipe.from_file(RECIPE).render(
        rattler_build.VariantConfig.from_yaml(
            VARIANTS.format(python=python, c=c)
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--render", action="store_true")
    parser.add_argument("--channel", default="conda-forge")
    parser.add_argument("--python", default="3.11")
    parser.add_argument("--out", type=Path, default=Path("dist/conda"))
    options = parser.parse_args()
    for variant in render(options.python):
        if options.render:
            print(json.dumps(variant.recipe.to_dict(), indent=2))
            continue
        try:
            built = variant.run_build(
                output_dir=options.out,
                channels=[options.channel],
                progress_callback=SimpleProgressCallback(),
            )
        except rattler_build.RattlerBuildError as error:
            sys.exit("{}: {}".format(options.channel, error))
        print(*built.packages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
