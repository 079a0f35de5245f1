"""What `make package` builds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import glue_environment
from infra.package import archives, dependencies, release, wheel
from infra.package.dependencies import GLUE, LAMBDA, Target, folder
from infra.package.release import Release
from infra.paths import CHECKOUT

SOURCES = ("mallfeed", "lambdas", "glue_jobs", "infra", "requirements")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the sources, so that nobody changes them between two builds."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder_name in SOURCES:
        shutil.copytree(CHECKOUT / folder_name, copy / folder_name)
    shutil.copy(CHECKOUT / "pyproject.toml", copy)
    with pytest.MonkeyPatch.context() as patch:
        for module in (release, dependencies, wheel):
            patch.setattr(module, "CHECKOUT", copy)
        patch.setattr(release, "BUILD", copy / "build")
        yield copy


@pytest.fixture(scope="module")
def built(checkout: Path) -> Release:
    return release.build(for_aws=True)


def names_in_zip(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return {name.split("/")[0] for name in archive.namelist()}


def file(built: Release, name: str) -> Path:
    return next(path for path in built.files if path.name == name)


def test_there_is_a_zip_a_function_the_environment_and_the_jobs_script(built: Release) -> None:
    names = {path.name for path in built.files}
    assert {"feed_arrived.zip", "dispatch_runs.zip", "glue_environment.tar.gz"} <= names
    assert "load_feeds.py" in names


@pytest.mark.parametrize("name", ["feed_arrived.zip", "dispatch_runs.zip"])
def test_function_zips_hold_the_handler_and_no_spark_or_arrow(built: Release, name: str) -> None:
    inside = names_in_zip(file(built, name))
    assert {"handler.py", "mallfeed", "boto3", "pydantic", "aws_lambda_powertools"} <= inside
    assert not {"pyspark", "py4j", "pyarrow", "pytest", "infra"} & inside


def test_function_zips_fit_lambdas_limit_of_250_mb_unpacked(built: Release) -> None:
    for path in built.files:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert sum(info.file_size for info in archive.infolist()) < 250 * 1024 * 1024


@pytest.mark.parametrize("name", ["feed_arrived", "dispatch_runs"])
@pytest.mark.skipif(sys.platform != "linux", reason="the zip is for linux")
def test_a_handler_can_be_imported_from_its_zip_alone(
    built: Release, name: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(file(built, f"{name}.zip")) as archive:
        archive.extractall(tmp_path)  # noqa: S202 - our own zip
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from handler import handler"
    done = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-I", "-S", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"POWERTOOLS_TRACE_DISABLED": "true", "AWS_DEFAULT_REGION": "ap-northeast-2"},
    )
    assert done.returncode == 0, done.stderr


def test_the_environment_holds_everything_the_job_imports(built: Release) -> None:
    with tarfile.open(file(built, release.ENVIRONMENT)) as archive:
        names = archive.getnames()
        assert archive.getmember("bin/python3.11").linkname == "/usr/bin/python3.11"
    site = "lib/python3.11/site-packages/"
    packages = {n.removeprefix(site).split("/")[0] for n in names if n.startswith(site)}
    wanted = {
        "mallfeed",
        "awsglue",
        "boto3",
        "opensearchpy",
        "pyarrow",
        "pydantic",
        "lxml",
        "ijson",
    }
    assert wanted <= packages
    assert not {"pyspark", "py4j"} & packages


@pytest.mark.skipif(sys.platform != "linux", reason="the environment is for linux")
def test_the_jobs_libraries_can_be_imported_from_the_environment_and_spark_alone(
    built: Release, tmp_path: Path
) -> None:
    unpacked = glue_environment.unpack(file(built, release.ENVIRONMENT), tmp_path / "environment")
    imports = (
        "import mallfeed, awsglue.utils, boto3, opensearchpy, pyarrow, pydantic_core, lxml.etree"
    )
    done = subprocess.run(
        [glue_environment.python(unpacked), "-c", imports],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(glue_environment.spark_path(tmp_path / "spark"))},
    )
    assert done.returncode == 0, done.stderr


def test_packages_are_built_for_where_they_will_run() -> None:
    assert "manylinux2014_x86_64" in LAMBDA.tags
    assert "manylinux_2_28_x86_64" in GLUE.tags
    assert folder(LAMBDA) != folder(Target("lambda", ("macosx_14_0_arm64",)))


def test_nothing_changed_is_built_at_once(built: Release) -> None:
    started = time.monotonic()
    assert release.build(for_aws=True) == built
    assert time.monotonic() - started < 2


def test_the_same_sources_give_the_same_bytes(
    built: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "BUILD", tmp_path)
    for path in release.CHECKOUT.rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    again = release.build(for_aws=True)
    assert again.hash == built.hash
    assert {p.name: archives.sha256(p) for p in again.files} == {
        p.name: archives.sha256(p) for p in built.files
    }


def test_a_changed_source_is_built_again_and_changes_the_releases_hash(built: Release) -> None:
    source = release.CHECKOUT / "mallfeed" / "errors.py"
    before = source.read_bytes()
    source.write_bytes(before + b"# changed\n")
    try:
        assert release.build(for_aws=True).hash != built.hash
    finally:
        source.write_bytes(before)
        assert release.build(for_aws=True).hash == built.hash


def test_archives_do_not_depend_on_times_and_modes(tmp_path: Path) -> None:
    hashes = set()
    for stamp, mode in ((1_000_000_000, 0o600), (1_700_000_000, 0o644)):
        source = tmp_path / str(stamp)
        (source / "b").mkdir(parents=True)
        for name in ("b/x.py", "a.py"):
            (source / name).write_text(name)
            (source / name).chmod(mode)
            os.utime(source / name, (stamp, stamp))
        archives.zip_files(tmp_path / "out.zip", archives.files_under(source))
        archives.tar_layer(tmp_path / "out.tar.gz", archives.files_under(source))
        hashes.add(
            (archives.sha256(tmp_path / "out.zip"), archives.sha256(tmp_path / "out.tar.gz"))
        )
    assert len(hashes) == 1


def test_joined_layers_are_one_archive(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 100_000)
    archives.tar_layer(tmp_path / "1", [("a/big", tmp_path / "big")], links={"l": "a/big"})
    archives.tar_layer(tmp_path / "2", [], texts={"t": "텍스트"})
    archives.join_layers(tmp_path / "all.tar.gz", [tmp_path / "1", tmp_path / "2"])
    with tarfile.open(tmp_path / "all.tar.gz") as archive:
        assert archive.getnames() == ["l", "a/big", "t"]
        archive.extractall(tmp_path / "out", filter="data")
    assert (tmp_path / "out" / "t").read_text() == "텍스트"
    assert (tmp_path / "out" / "l").read_bytes() == b"x" * 100_000


def test_functions_and_job_name_their_code_alike(built: Release, tmp_path: Path) -> None:
    """Else no full feed of unchanged bytes would ever be passed over."""
    for name in ("feed_arrived.zip", "glue_environment.tar.gz"):
        shutil.unpack_archive(file(built, name), tmp_path / name)
    packages = [path.parent for path in tmp_path.rglob("mallfeed/code_version.py")]
    ask = "from mallfeed.code_version import code_version; print(code_version())"
    told = {
        subprocess.run(
            [sys.executable, "-c", ask], cwd=package.parent, check=True, capture_output=True
        ).stdout
        for package in packages
    }
    assert len(packages) == 2
    assert len(told) == 1
