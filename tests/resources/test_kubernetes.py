"""The manifests for Kubernetes are what its API takes, and what they name is there."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from pipeline.settings import PROJECT
from tests.conftest import needed

DEPLOY = PROJECT / "deploy"
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((DEPLOY / "kubernetes" / "h1b-sponsors.yaml").read_text("utf-8"))
)


def named(kind: str, name: str) -> dict[str, Any]:
    [found] = [one for one in MANIFESTS if one["kind"] == kind and one["metadata"]["name"] == name]
    return found


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_each_manifest_is_what_kubernetes_takes(manifest: dict[str, Any]) -> None:
    needed("kubernetes-validate", there=find_spec("kubernetes_validate") is not None)
    import kubernetes_validate

    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def test_what_kubernetes_does_not_take_is_found() -> None:
    needed("kubernetes-validate", there=find_spec("kubernetes_validate") is not None)
    import kubernetes_validate

    wrong = {**named("Service", "h1b-sponsors"), "spec": {"ports": [{"port": "pages"}]}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("name", ["h1b-sponsors", "h1b-sponsors-worker"])
def test_what_a_pod_takes_is_there(name: str) -> None:
    pod = named("Deployment", name)["spec"]["template"]["spec"]
    volumes = {one["name"]: one for one in pod["volumes"]}
    assert named("PersistentVolumeClaim", volumes["data"]["persistentVolumeClaim"]["claimName"])
    in_image = re.findall(r"COPY.* (\S+) /dagster/", (DEPLOY / "Containerfile").read_text("utf-8"))
    for container in pod["containers"]:
        places = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
        [environment] = [one["configMapRef"]["name"] for one in container["envFrom"] if "configMapRef" in one]
        told = named("ConfigMap", environment)["data"]
        assert set(places.values()) <= volumes.keys() and places[told["H1B_DATA_DIR"]] == "data"
        assert told["H1B_EXECUTOR_CONFIG"] == f"{told['DAGSTER_HOME']}/celery.yaml" and in_image == [
            "deploy/celery.yaml"
        ]
