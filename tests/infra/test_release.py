"""What `make package` builds."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from infra.local import glue_environment
from infra.package import archives, code_stamp, fixture, release
from infra.package.dependencies import GLUE, LAMBDA, Target, folder
from infra.package.fixture import FixtureFault
from infra.package.release import Release
from infra.package.sources import Sources
from infra.paths import CHECKOUT
from mallfeed import __version__

FUNCTIONS = ("feed_arrived", "dispatch_runs", "search_api")
FOLDERS = ("mallfeed", "lambdas", "glue_jobs", "infra", "requirements", "catalogs")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """A copy of the sources, so that nobody changes them between two builds."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder_name in FOLDERS:
        shutil.copytree(CHECKOUT / folder_name, copy / folder_name)
    for name in ("pyproject.toml", "template.yaml"):
        shutil.copy(CHECKOUT / name, copy)
    return Sources(copy, copy / "build")


@pytest.fixture(scope="module")
def built(checkout: Sources) -> Release:
    return release.build(checkout, for_aws=True)


def names_in_zip(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return {name.split("/")[0] for name in archive.namelist()}


def file(built: Release, name: str) -> Path:
    return next(path for path in built.files if path.name == name)


def test_there_is_a_zip_a_function_the_environment_and_the_jobs_script(built: Release) -> None:
    names = {path.name for path in built.files}
    assert {"feed_arrived.zip", "dispatch_runs.zip", "glue_environment.tar.gz"} <= names
    assert "load_feeds.py" in names


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_zips_hold_the_handler_and_nothing_that_it_never_uses(
    built: Release, name: str
) -> None:
    inside = names_in_zip(file(built, f"{name}.zip"))
    assert {"handler.py", "mallfeed", "boto3", "pydantic", "aws_lambda_powertools"} <= inside
    assert not {"pyspark", "py4j", "pyarrow", "pytest", "infra", "grpc", "google"} & inside
    assert file(built, f"{name}.zip").stat().st_size < 10e6


def test_descriptions_of_the_services_that_are_called_are_there_and_no_others(
    built: Release,
) -> None:
    code = [CHECKOUT / "mallfeed", CHECKOUT / "lambdas", CHECKOUT / "glue_jobs"]
    texts = [path.read_text("utf-8") for folder in code for path in folder.rglob("*.py")]
    called = {name for text in texts for name in re.findall(r"\bclient\(\s*\"([a-z0-9-]+)\"", text)}
    assert {"s3", "dynamodb", "sqs"} <= called
    with zipfile.ZipFile(file(built, "feed_arrived.zip")) as archive:
        paths = [name.split("/") for name in archive.namelist()]
    described = {p[2] for p in paths if p[:2] == ["botocore", "data"] and len(p) > 3}
    assert described == called | {"sts", "xray"}


def test_function_zips_fit_lambdas_limit_of_250_mb_unpacked(built: Release) -> None:
    for path in built.files:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert sum(info.file_size for info in archive.infolist()) < 250 * 1024 * 1024


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.skipif(sys.platform != "linux", reason="the zip is for linux")
def test_a_handler_can_be_imported_from_its_zip_alone(
    built: Release, name: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(file(built, f"{name}.zip")) as archive:
        archive.extractall(tmp_path)  # noqa: S202 - our own zip
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from handler import handler; "
    program += "import opensearchpy; opensearchpy.OpenSearch(['http://127.0.0.1:1']); "
    program += "from mallfeed.aws.clients import client; "
    program += f"[client(name) for name in {LAMBDA.services!r}]"
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


def test_nothing_changed_is_built_at_once(checkout: Sources, built: Release) -> None:
    started = time.monotonic()
    assert release.build(checkout, for_aws=True) == built
    assert time.monotonic() - started < 2


def test_the_same_sources_give_the_same_bytes(
    checkout: Sources, built: Release, tmp_path: Path
) -> None:
    for path in checkout.root.rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    again = release.build(Sources(checkout.root, tmp_path), for_aws=True)
    assert again.hash == built.hash
    assert {p.name: archives.sha256(p) for p in again.files} == {
        p.name: archives.sha256(p) for p in built.files
    }


def test_a_changed_source_is_built_anew_and_changes_the_releases_hash(
    checkout: Sources, built: Release
) -> None:
    source = checkout.root / "mallfeed" / "errors.py"
    before = source.read_bytes()
    source.write_bytes(before + b"# changed\n")
    try:
        assert release.build(checkout, for_aws=True).hash != built.hash
    finally:
        source.write_bytes(before)
        assert release.build(checkout, for_aws=True).hash == built.hash


@pytest.fixture(scope="module")
def kept(checkout: Sources, built: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture of what was built; making it compares the bytes of a release built from it."""
    assert built.hash
    return fixture.make(checkout.root, tmp_path_factory.mktemp("releases"))


def test_a_fixture_holds_our_own_and_no_third_party_package(kept: Path, tmp_path: Path) -> None:
    assert sum(path.stat().st_size for path in kept.iterdir()) < 1_500_000
    of = fixture.unpacked(kept.name, kept.parent, tmp_path)
    there = {path.name for path in of.root.iterdir() if not path.name.endswith(".dist-info")}
    assert of.wheel is not None
    assert there == {
        *("mallfeed", "lambdas", "glue_jobs", "requirements", "catalogs"),
        *("template.yaml", of.wheel.name),
    }
    assert len(list(of.root.rglob("mallfeed-functions.jar"))) == 1


def test_a_release_built_from_its_fixture_has_the_same_bytes(
    built: Release, kept: Path, tmp_path: Path
) -> None:
    again = release.build(fixture.unpacked(kept.name, kept.parent, tmp_path), for_aws=True)
    assert again.hash == built.hash


def test_a_fixture_of_other_bytes_is_refused(
    checkout: Sources, built: Release, tmp_path: Path
) -> None:
    handler = checkout.root / "lambdas" / "feed_arrived" / "handler.py"
    before = handler.read_bytes()
    handler.write_bytes(before + b"# changed after `make package`\n")
    try:
        with pytest.raises(FixtureFault, match=f"is .*, not {built.hash} as `make package` built"):
            fixture.make(checkout.root, tmp_path)
    finally:
        handler.write_bytes(before)


def test_a_fixture_that_was_changed_is_refused(kept: Path, tmp_path: Path) -> None:
    shutil.copytree(kept, tmp_path / kept.name)
    (tmp_path / kept.name / fixture.PARTS).write_bytes(b"something else")
    with pytest.raises(
        FixtureFault, match=r"deployed.tar.gz is not the file that SHA256SUMS names"
    ):
        fixture.unpacked(kept.name, tmp_path, tmp_path / "build")


def test_nothing_is_kept_of_a_checkout_that_built_nothing(tmp_path: Path) -> None:
    with pytest.raises(FixtureFault, match="holds no release: run `make package` in"):
        fixture.make(tmp_path, tmp_path)


@pytest.mark.parametrize("version", fixture.kept())
def test_the_fixtures_of_the_repository_are_what_was_released(version: str) -> None:
    fixture.check_sums(fixture.RELEASES / version)


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


def test_functions_and_job_name_their_code_alike(
    checkout: Sources, built: Release, tmp_path: Path
) -> None:
    """Otherwise no full feed of unchanged bytes would ever be skipped."""
    stamped = json.loads(code_stamp.stamp(checkout.root))["hash"]
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
    assert told == {f"{__version__}+{stamped}\n".encode()}
