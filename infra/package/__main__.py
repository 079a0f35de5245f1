"""`python -m infra.package`: build the release for AWS and say what to do with it."""

from __future__ import annotations

from infra.package import release
from infra.paths import CHECKOUT


def main() -> None:
    """Build, then print each file with its size, and the release's hash."""
    built = release.build(for_aws=True)
    for path in built.files:
        print(f"{path.stat().st_size / 1e6:9.1f} MB  {path.relative_to(CHECKOUT)}")  # noqa: T201
    print(f"release {built.hash}: upload as s3://<artifact bucket>/mallfeed/{built.hash}/")  # noqa: T201


if __name__ == "__main__":
    main()
