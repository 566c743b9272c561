"""The production layout of `deploy/`: units that systemd takes, a Compose file, and settings of Dagster over a real PostgreSQL."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._core.workspace.load import location_origins_from_yaml_paths

from pipeline.resources.launcher import WatchedRunLauncher
from pipeline.settings import PROJECT
from tests.conftest import needed
from tests.services import postgresql

DEPLOY = PROJECT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PROCESSES = {"code", "daemon", "web"}
EXPOSED = 25  # of 100, the most that systemd may find exposed
OF_A_SERVICE = {
    "image", "build", "restart", "env_file", "environment", "volumes", "read_only", "tmpfs", "cap_drop", "security_opt", "command",
    "depends_on", "healthcheck", "ports",
}  # fmt: skip


def here(text: str) -> str:
    """The same with programs of this machine."""
    return text.replace("/opt/h1b-sponsors/.venv/bin", str(Path(sys.executable).parent))


def read(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text("utf-8"))


def test_there_is_a_unit_a_process() -> None:
    assert {unit.stem.removeprefix("h1b-sponsors-") for unit in UNITS} == PROCESSES


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    needed("systemd-analyze", there=program is not None)
    for unit in UNITS:
        (tmp_path / unit.name).write_text(here(unit.read_text("utf-8")), "utf-8")
    paths = [str(tmp_path / unit.name) for unit in UNITS]
    told = subprocess.run([str(program), "verify", *paths], capture_output=True, text=True, check=False)
    about_ours = [line for line in told.stderr.splitlines() if "h1b-sponsors" in line]
    assert told.returncode == 0 and about_ours == []
    for path in paths:
        words = [str(program), "security", "--offline=true", f"--threshold={EXPOSED}", "--no-pager", path]
        told = subprocess.run(words, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout[-400:] + told.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_no_process_is_root_or_open_to_the_network(unit: Path) -> None:
    text = unit.read_text("utf-8")
    assert {"User=h1b-sponsors", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(
        text.splitlines()
    )
    assert "0.0.0.0" not in text and re.search(r"--host (localhost|127\.0\.0\.1)|dagster-daemon", text)


def test_the_commands_of_units_and_containers_are_known_to_dagster() -> None:
    """Each option stands in the help of the program."""
    services = read("compose.yaml")["services"]
    lines = [re.findall(r"^ExecStart=(.*)$", unit.read_text("utf-8"), re.MULTILINE)[0].split() for unit in UNITS]
    for words in (*lines, *(services[name]["command"] for name in PROCESSES)):
        program, *rest = words
        commands = [word for word in rest[:2] if word in {"api", "grpc", "run"}]
        path = Path(sys.executable).with_name(Path(program).name)
        told = subprocess.run([str(path), *commands, "--help"], capture_output=True, text=True, check=True).stdout
        assert [word for word in rest if word.startswith("--") and word not in told] == []


def test_the_compose_file_says_what_it_needs_and_nothing_else() -> None:
    compose = read("compose.yaml")
    assert set(compose) == {"name", "x-process", "services", "volumes"}
    services = compose["services"]
    assert set(services) == {*PROCESSES, "database"}
    for service in services.values():
        assert set(service) <= OF_A_SERVICE and service["env_file"] == "environment"
        assert set(service.get("depends_on", ())) <= set(services)
        assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(compose["volumes"])
    assert all(services[name]["read_only"] and services[name]["cap_drop"] == ["ALL"] for name in PROCESSES)
    assert [port for service in services.values() for port in service.get("ports", ())] == ["127.0.0.1:3000:3000"]


def test_the_workspace_leads_to_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("H1B_CODE_HOST", "code")
    [origin] = location_origins_from_yaml_paths([str(DEPLOY / "workspace.yaml")])
    assert (origin.location_name, getattr(origin, "host", ""), getattr(origin, "port", 0)) == (
        "h1b_sponsors",
        "code",
        4000,
    )


def test_both_instances_watch_and_retry_alike() -> None:
    alike = ("concurrency", "run_launcher", "run_monitoring", "run_retries", "freshness", "telemetry")
    small = yaml.safe_load((PROJECT / "dagster.yaml").read_text("utf-8"))
    assert {name: small[name] for name in alike} == {name: read("dagster.yaml")[name] for name in alike}


@dg.op
def nothing() -> None: ...


@dg.job
def job() -> None:
    nothing()


def test_runs_and_events_lie_in_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dagster.yaml").write_text((DEPLOY / "dagster.yaml").read_text("utf-8"), "utf-8")
    with postgresql() as address:
        monkeypatch.setenv("H1B_POSTGRES_URL", address)
        with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
            assert isinstance(instance.run_launcher, WatchedRunLauncher) and instance.run_monitoring_enabled
            run = job.execute_in_process(instance=instance)
        with dg.DagsterInstance.from_config(str(tmp_path)) as again:
            found = again.get_run_by_id(run.run_id)
            assert found and found.status is dg.DagsterRunStatus.SUCCESS
            assert again.all_logs(run.run_id)
    assert not list(tmp_path.rglob("*.db"))
